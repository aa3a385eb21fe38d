// A picture too wide for the screen begins at its newest years; names of lanes stay in sight.
export function beginAtEnd(): void {
  for (const frame of document.querySelectorAll<HTMLElement>("[data-begin=end]")) {
    const labels = frame.querySelectorAll<SVGTextElement>(".lane-label");
    frame.addEventListener("scroll", () => {
      labels.forEach((label) => label.setAttribute("x", String(frame.scrollLeft)));
    }, { passive: true });
    frame.scrollLeft = frame.scrollWidth;
  }
}
