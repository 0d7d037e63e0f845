/* Small comforts. Every page works without them. */
(() => {
  "use strict";

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.account[open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.account")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.account[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  // Toasts get a button that puts them away.
  const region = document.getElementById("toasts");
  const word = document.documentElement.lang;
  const close = { kk: "Жабу", ru: "Закрыть", en: "Close" }[word] || "Close";
  const closable = (toast) => {
    if (toast.querySelector(".toast-close")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "toast-close";
    button.setAttribute("aria-label", close);
    button.textContent = "×";
    button.addEventListener("click", () => toast.remove());
    toast.append(button);
  };
  if (region) {
    region.querySelectorAll(".toast").forEach(closable);
    new MutationObserver(() => region.querySelectorAll(".toast").forEach(closable)).observe(region, { childList: true });
  }

  // A second press on «send» does nothing while the first is on its way.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    window.setTimeout(() => delete form.dataset.sent, 8000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // <select data-go> and <input data-go> send their form as soon as they change; the button stays for the rest.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-go]")) event.target.form.requestSubmit();
  });

  // <button data-print> prints; it is hidden until then.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // An error in a form is brought to the eye.
  const wrong = document.querySelector(".is-invalid");
  if (wrong) wrong.focus({ preventScroll: false });
})();
