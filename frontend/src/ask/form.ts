// Forms without empty parameters; a member of a set is never both there and absent.

/** What a form tells, without what is empty. */
export function told(form: HTMLFormElement): URLSearchParams {
  const found = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim() !== "") found.append(name, value.trim());
  }
  return found;
}

/** Drop empty parameters of every form that is sent, and keep members of sets apart. */
export function tidyForms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[method=get]")) {
    form.addEventListener("formdata", (event) => dropEmpty(event.formData));
  }
  for (const set of document.querySelectorAll<HTMLFieldSetElement>("fieldset[data-set]")) {
    set.addEventListener("change", (event) => keepApart(set, event.target));
  }
}

function dropEmpty(data: FormData): void {
  for (const name of new Set(data.keys())) {
    const kept = data.getAll(name).filter((value) => typeof value === "string" && value.trim() !== "");
    data.delete(name);
    for (const value of kept) data.append(name, value);
  }
}

function keepApart(set: HTMLFieldSetElement, changed: EventTarget | null): void {
  const key = set.dataset["set"] ?? "";
  if (!(changed instanceof HTMLInputElement) || !changed.checked) return;
  const other = changed.name === key ? `${key}_absent` : changed.name === `${key}_absent` ? key : "";
  for (const box of set.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) {
    if (box.name === other && box.value === changed.value) box.checked = false;
  }
}
