/* Schools are looked for as one types. Without this the button «find» does it. */
(() => {
  "use strict";
  const prepare = (box) => {
    const part = (name) => box.querySelector(`[data-${name}]`);
    const [text, region, found, status] = ["text", "region", "found", "status"].map(part);
    const button = box.querySelector("button");
    let timer, asking;
    const find = async () => {
      clearTimeout(timer);
      asking?.abort();
      asking = new AbortController();
      const asked = new URLSearchParams({ q: text.value, region: region.value, name: box.dataset.name });
      const chosen = found.querySelector(":checked")?.value;
      if (chosen) asked.set("chosen", chosen);
      try {
        const answer = await fetch(`${box.dataset.schoolPicker}?${asked}`, { signal: asking.signal });
        if (!answer.ok) return;
        found.innerHTML = await answer.text();
        status.textContent = found.querySelector("[data-note]").textContent;
      } catch {
        // Typed on meanwhile, or the line is down: the button of the form still works.
      }
    };
    box.dataset.ready = "1";
    button.type = "button";
    button.addEventListener("click", find);
    region.addEventListener("change", find);
    text.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(find, 200);
    });
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        find();
      } else if (event.key === "ArrowDown") {
        event.preventDefault();
        box.querySelector("[type=radio]").focus();
      }
    });
  };
  for (const box of document.querySelectorAll("[data-school-picker]:not([data-ready])")) prepare(box);
})();
