/* The address bar keeps only the filters that are set. */
document.addEventListener("formdata", (event) => {
  if (event.target.id !== "facets-form") return;
  for (const [name, value] of [...event.formData]) {
    if (value === "") event.formData.delete(name);
  }
});
