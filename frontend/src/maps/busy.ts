// Says that the next page is being gathered: the first time a map can take some seconds.
export function showBusy(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form.filters")) {
    const button = form.querySelector("button");
    if (!button) {
      continue;
    }
    const words = button.textContent;
    form.addEventListener("submit", () => {
      button.setAttribute("aria-busy", "true");
      button.textContent = "Gathering …";
    });
    window.addEventListener("pageshow", () => {
      button.removeAttribute("aria-busy");
      button.textContent = words;
    });
  }
}
