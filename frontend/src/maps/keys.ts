// Arrow keys: across and down the cells of a gap map, back and forth along the marks of a picture.
export function moveByArrows(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>("table.gap-map")) {
    table.addEventListener("keydown", (event) => moved(event, cellBeside(table, event)));
  }
  for (const picture of document.querySelectorAll<SVGElement>(".picture svg")) {
    picture.addEventListener("keydown", (event) => moved(event, markBeside(picture, event)));
  }
}

function moved(event: KeyboardEvent, next: HTMLElement | SVGElement | undefined): void {
  if (next && !event.altKey && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    next.focus();
  }
}

function cellBeside(table: HTMLTableElement, event: KeyboardEvent): HTMLElement | undefined {
  const steps: Record<string, [number, number]> = {
    ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0],
  };
  const step = steps[event.key];
  const cell = event.target instanceof Element ? event.target.closest("td") : null;
  const row = cell?.parentElement;
  if (!step || !cell || !(row instanceof HTMLTableRowElement)) {
    return undefined;
  }
  const beside = table.rows[row.rowIndex + step[0]]?.cells[cell.cellIndex + step[1]];
  return beside?.querySelector("a") ?? undefined;
}

function markBeside(picture: SVGElement, event: KeyboardEvent): SVGElement | undefined {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const marks = [...picture.querySelectorAll<SVGAElement>("a")];
  const at = marks.findIndex((mark) => mark === event.target);
  return step && at >= 0 ? marks[at + step] : undefined;
}
