// Numbers -> round ticks and places along an axis.
export interface Scale {
  readonly ticks: readonly number[];
  readonly at: (value: number) => number;
}

/** A scale over `values` that is `length` long and begins at `start`; with zero where it is asked. */
export function scaleOf(values: readonly number[], start: number, length: number, withZero: boolean): Scale {
  const low = Math.min(...values, ...(withZero ? [0] : []));
  const high = Math.max(...values, ...(withZero ? [0] : []));
  const step = roundStep((high - low || Math.abs(high) || 1) / 5);
  const first = Math.floor(low / step) * step;
  const last = Math.ceil(high / step) * step || first + step;
  const span = last - first || step;
  const count = Math.round(span / step);
  const ticks = Array.from({ length: count + 1 }, (_, number) => Number((first + number * step).toPrecision(12)));
  return { ticks, at: (value) => start + ((value - first) / span) * length };
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((each) => each * power >= rough) ?? 10;
  return step * power;
}
