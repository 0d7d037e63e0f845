/* <input data-filters="id"> narrows the list of that id while a name or a school is typed; Kazakh letters match their Russian look-alikes. */
(() => {
  "use strict";

  const PAIRS = { ә: "а", ғ: "г", қ: "к", ң: "н", ө: "о", ұ: "у", ү: "у", һ: "х", і: "и", ё: "е" };
  const fold = (text) => text.toLowerCase().replace(/[әғқңөұүһіё]/g, (letter) => PAIRS[letter]).replace(/\s+/g, " ").trim();

  for (const input of document.querySelectorAll("[data-filters]")) {
    const list = document.getElementById(input.dataset.filters);
    if (!list) continue;
    const lines = [...list.children].map((line) => [line, fold(line.querySelector(".mark-who")?.textContent || "")]);
    const narrow = () => {
      const words = fold(input.value).split(" ");
      for (const [line, text] of lines) line.hidden = !words.every((word) => text.includes(word));
    };
    input.addEventListener("input", narrow);
    input.closest("[data-roll-tools]")?.removeAttribute("hidden");
    if (input.value) narrow();
  }

  // <button data-choose="present"> chooses this mark in every line that has none yet and is shown.
  for (const button of document.querySelectorAll("[data-choose]")) {
    button.addEventListener("click", () => {
      for (const set of document.querySelectorAll(".mark-line:not([hidden]) .mark-set")) {
        if (!set.querySelector("input:checked")) set.querySelector(`input[value="${button.dataset.choose}"]`).checked = true;
      }
    });
  }
})();
