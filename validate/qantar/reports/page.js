"use strict";

// A page at a time: a hundred thousand rows at once are more than a browser lays out in good time.
const PAGE = 200;
const { parts, texts, rows, total } = JSON.parse(document.getElementById("data").textContent);
const [form, status, body, pager, shown, blank] =
  ["filter", "status", "rows", "pager", "page", "blank"].map((id) => document.getElementById(id));
const choices = ["severity", "path", "rule"];
let found = rows;
let page = 0;

function number(count) {
  return count.toLocaleString("en");
}

function row(cells) {
  const one = blank.content.firstElementChild.cloneNode(true);
  one.className = texts[cells[0]];
  parts.forEach((part, at) => {
    one.querySelector(`[data-part=${part}]`).textContent = texts[cells[at]];
  });
  return one;
}

function show(at) {
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  page = Math.min(Math.max(at, 0), pages - 1);
  const first = page * PAGE;
  const last = Math.min(first + PAGE, found.length);
  body.replaceChildren(...found.slice(first, last).map(row));
  const range = found.length > PAGE ? `${number(first + 1)}–${number(last)} of ` : "";
  const filtered = found.length < rows.length ? `, filtered from ${number(rows.length)}` : "";
  const held = rows.length < total ? `, examples of ${number(total)}` : "";
  status.textContent = `${range}${number(found.length)} ${found.length === 1 ? "finding" : "findings"}${filtered}${held}`;
  shown.textContent = `Page ${number(page + 1)} of ${number(pages)}`;
  pager.hidden = pages === 1;
  const [back, forth] = pager.querySelectorAll("button");
  back.disabled = page === 0;
  forth.disabled = page === pages - 1;
}

function filter() {
  const wanted = choices
    .map((part) => [parts.indexOf(part), texts.indexOf(form.elements[part].value)])
    .filter(([at]) => form.elements[parts[at]].value);
  const text = form.elements.text.value.trim().toLowerCase();
  const hit = texts.map((one) => one.toLowerCase().includes(text));
  const place = [parts.indexOf("path"), parts.indexOf("row")];
  const placed = (cells) => place.map((at) => texts[cells[at]]).join("").toLowerCase().includes(text);
  found = rows.filter((cells) => wanted.every(([at, one]) => cells[at] === one) && (cells.some((one) => hit[one]) || placed(cells)));
  show(0);
}

for (const part of choices) {
  const at = parts.indexOf(part);
  for (const one of new Set(rows.map((cells) => cells[at]))) {
    form.elements[part].add(new Option(texts[one], texts[one]));
  }
}
let waiting;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(filter, 120);
});
form.addEventListener("change", filter);
form.addEventListener("submit", (event) => event.preventDefault());
pager.addEventListener("click", (event) => {
  if (event.target.matches("button")) {
    show(page + Number(event.target.value));
    document.getElementById("list").scrollIntoView();
  }
});
form.hidden = false;
show(0);
