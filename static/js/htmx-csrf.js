/* htmx sends the token that a form of the page carries. */
document.addEventListener("htmx:configRequest", (event) => {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (field && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = field.value;
});
