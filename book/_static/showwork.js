// A link that leads to something inside a closed solution opens it first.
const openTarget = () => {
  const id = decodeURIComponent(location.hash.slice(1));
  document.getElementById(id)?.closest("details")?.setAttribute("open", "");
};
addEventListener("hashchange", openTarget);
addEventListener("DOMContentLoaded", openTarget);

// Reported and measured: choose by report, task and verdict; sort by a column.
const sortBy = (table, column, button) => {
  const down = button.getAttribute("aria-sort") === "ascending";
  for (const head of table.tHead.rows[0].cells) head.removeAttribute("aria-sort");
  button.setAttribute("aria-sort", down ? "descending" : "ascending");
  const text = (row) => row.cells[column].textContent;
  const rows = [...table.tBodies[0].rows].sort((a, b) => text(a).localeCompare(text(b), "en", { numeric: true }));
  table.tBodies[0].append(...(down ? rows.reverse() : rows));
};
const makeSortable = (table) => {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sortBy(table, column, head));
    head.append(button);
  });
};
const makeFilter = (form) => {
  const rows = [...form.nextElementSibling.tBodies[0].rows];
  const choose = () => {
    const chosen = [...form.querySelectorAll("select")].map((list) => [list.dataset.filter, list.value]);
    const fits = (row, [name, value]) => !value || (name === "report" ? row.dataset.report.includes(value) : row.dataset[name] === value);
    for (const row of rows) row.hidden = !chosen.every((choice) => fits(row, choice));
    form.querySelector("output").textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} claims`;
  };
  form.hidden = false;
  form.addEventListener("change", choose);
  choose();
};
addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".syw-sortable").forEach(makeSortable);
  document.querySelectorAll(".syw-filter").forEach(makeFilter);
});
