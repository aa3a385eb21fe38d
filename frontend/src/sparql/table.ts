// The table of a result as the server wrote it -> columns and cells that drawings can be made of.
export interface Column {
  readonly index: number;
  readonly name: string;
  readonly kind: string;
}

export interface Cell {
  readonly text: string;
  readonly iri: string;
  readonly href: string;
  readonly number: number | null;
}

export interface Rows {
  readonly form: string;
  readonly columns: readonly Column[];
  readonly body: HTMLTableSectionElement;
}

/** The table of the page; null where it has none. */
export function tableOf(result: HTMLElement): Rows | null {
  const table = result.querySelector<HTMLTableElement>("table.rows");
  const body = table?.tBodies[0];
  if (!table || !body) return null;
  const columns = [...table.querySelectorAll("thead th")].map((head, index) => ({
    index, name: head.textContent ?? "", kind: head.getAttribute("data-kind") ?? "",
  }));
  return { form: result.dataset["form"] ?? "rows", columns, body };
}

/** The cells of a row. */
export function cellsOf(row: HTMLTableRowElement): Cell[] {
  return [...row.cells].map((cell) => {
    const link = cell.querySelector("a");
    const text = (cell.textContent ?? "").trim();
    const value = text === "" ? NaN : Number(text);
    return {
      text, iri: link?.title ?? "", href: link?.getAttribute("href") ?? "",
      number: Number.isNaN(value) ? null : value,
    };
  });
}
