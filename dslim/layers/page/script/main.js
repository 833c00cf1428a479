// The page's state is its address (which directory, which file) and two fields (search, only waste). Whatever changes
// one of them ends in show() or paint(); nothing else draws.

const data = JSON.parse(document.getElementById("data").textContent);
const tree = readTree(data.tree);
const byId = (id) => document.getElementById(id);
const [host, sheet, list, facts] = [byId("treemap"), byId("sheet"), byId("list"), byId("facts")];

let view = tree.image; // the directory that the map shows
let chosen = null; // a file that was asked for, within it
let found = null; // the nodes that the search found, or null without a search
let lit = new Set(); // these and all above them
let boxes = [];

function titleOf(node) {
  if (node.layer < 0) return data.image;
  if (node.parent.id < 0) return `${node.layer} · ${data.layers[node.layer].instruction}`;
  if (!node.name) return countOf(node.files, "small file", "small files");
  return node.name;
}

const page = { tree, layers: data.layers, reasons: data.reasons, titleOf };

function dull(node) {
  if (byId("only-waste").checked && !node.wasted) return true;
  if (!found) return false;
  if (lit.has(node)) return false;
  for (let one = node; one; one = one.parent) if (found.has(one)) return false;
  return true;
}

function paint() {
  const { clientWidth: width, clientHeight: height } = host;
  boxes = plan(view, width, height);
  drawMap(sheet, boxes, width, titleOf, dull);
  const first = buttonOf(boxes.find((box) => box.node === chosen)) || buttonOf(boxes[0]);
  if (first) first.tabIndex = 0;
  buttonOf(boxes.find((box) => box.node === chosen))?.classList.add("chosen");
  byId("empty").hidden = boxes.length > 0;
  drawWay(byId("way"), view, titleOf);
  paintList();
  drawFacts(facts, chosen || view, page);
}

function paintList() {
  const title = found ? `Found: ${countOf(found.size, "path", "paths")}` : "What lies here";
  byId("list-title").textContent = title;
  if (found) {
    const nodes = [...found];
    drawList(list, nodes, nodes[0]?.bytes || 0, (node) => `${pathOf(node)} (layer ${node.layer})`, go);
    byId("list-note").textContent = found.size ? "" : nothingFound();
  } else {
    const nodes = [...view.children].sort((one, other) => other.bytes - one.bytes);
    drawList(list, nodes, nodes[0]?.bytes || 0, (node) => titleOf(node) + (node.children && node.name ? "/" : ""), go);
    byId("list-note").textContent = nodes.length ? "" : "Nothing: this directory is empty.";
  }
}

function nothingFound() {
  const { hidden, smallest } = data.tree;
  if (!hidden) return "No path has these words.";
  return (
    `No path has these words among those that the page names. ${countOf(hidden, "file", "files")} of ` +
    `${sizeOf(smallest)} or less ${hidden === 1 ? "is" : "are"} counted in their directories, without names.`
  );
}

function buttonOf(box) {
  return box && sheet.children[boxes.indexOf(box)];
}

// Show what the address asks for.
function show() {
  const node = nodeAt(tree.image, location.hash || "#/");
  if (!node) return;
  const before = view;
  const boxBefore = boxes.find((box) => box.node === node);
  const focused = sheet.contains(document.activeElement);
  chosen = node.children ? null : node;
  view = node.children ? node : node.parent;
  paint();
  if (view !== before) {
    const opened = lineage(view).includes(before);
    const boxAfter = boxes.find((box) => lineage(before).includes(box.node));
    animate(sheet, opened ? boxBefore : boxAfter, host.clientWidth, host.clientHeight, opened);
    byId("status").textContent = spoken(view, titleOf(view));
    if (focused) focusOn((!opened && boxes.find((box) => lineage(before).includes(box.node))) || boxes[0]);
  } else if (focused) focusOn(boxes.find((box) => box.node === chosen) || boxes[0]);
}

function focusOn(box) {
  const button = buttonOf(box);
  if (!button) {
    host.focus();
    return;
  }
  for (const one of sheet.querySelectorAll('[tabindex="0"]')) one.tabIndex = -1;
  button.tabIndex = 0;
  button.focus({ preventScroll: true });
}

function go(node) {
  if (!canOpen(node)) drawFacts(facts, node, page);
  else location.hash = addressOf(node);
}

function find() {
  const query = byId("search").value;
  const nodes = search(tree.nodes, query);
  found = query.trim() ? new Set(nodes) : null;
  lit = new Set(nodes.flatMap(lineage));
  const bytes = nodes.reduce((sum, node) => sum + node.bytes, 0);
  const said = found ? `${countOf(nodes.length, "path", "paths")}, ${sizeOf(bytes)}` : "";
  byId("found").textContent = said;
  paint();
}

function boxFrom(event) {
  const element = event.target.closest("[data-at]");
  return element && boxes[Number(element.dataset.at)];
}

sheet.addEventListener("click", (event) => {
  const box = boxFrom(event);
  if (box) go(box.node);
});
let told = null; // the box that a mouse was last seen in
let mouse = ""; // and where on the screen
document.addEventListener("pointermove", (event) => {
  // A page that scrolls moves under a mouse that rests: nobody asked for what lies there then.
  const where = `${event.clientX} ${event.clientY}`;
  if (event.pointerType !== "mouse" || where === mouse) return;
  mouse = where;
  const box = sheet.contains(event.target) && boxFrom(event);
  if (!box || box === told) return;
  told = box;
  drawFacts(facts, box.node, page);
});
sheet.addEventListener("pointerleave", (event) => {
  if (event.pointerType !== "mouse") return;
  told = null;
  drawFacts(facts, chosen || view, page);
});
sheet.addEventListener("focusin", (event) => {
  const box = boxFrom(event);
  if (box) drawFacts(facts, box.node, page);
});
host.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const level1 = boxes.filter((box) => box.level === 1);
  const from = boxFrom(event);
  if (event.key.startsWith("Arrow") && from) focusOn(neighbour(boxes, from, event.key) || from);
  else if (event.key === "Home") focusOn(level1[0]);
  else if (event.key === "End") focusOn(level1[level1.length - 1]);
  else if ((event.key === "Escape" || event.key === "Backspace") && view.parent) go(view.parent);
  else if (event.key === "/") byId("search").focus();
  else return;
  event.preventDefault();
});

let typing = 0;
byId("search").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(find, 120);
});
byId("search").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && byId("search").value) {
    byId("search").value = "";
    find();
    event.preventDefault();
  }
});
byId("only-waste").addEventListener("change", paint);
addEventListener("hashchange", show);

// A link in a table leads to the map, wherever that is on the screen.
document.addEventListener("click", (event) => {
  const link = event.target.closest("table a[href^='#/']");
  if (link) byId("map").scrollIntoView({ block: "start" });
});

// Long tables are folded by the script, so that they are whole on paper and where there is no script.
for (const table of document.querySelectorAll("table[data-fold]")) {
  const rows = [...table.tBodies[0].rows].slice(Number(table.dataset.fold));
  if (rows.length < 5) continue;
  const button = make("button", "plain screen-only", `Show ${rows.length} more`);
  button.type = "button";
  for (const row of rows) row.classList.add("folded");
  button.addEventListener("click", () => {
    for (const row of rows) row.classList.remove("folded");
    rows[0].querySelector("a")?.focus();
    button.remove();
  });
  table.after(button);
}

byId("no-map").hidden = true;
byId("map").hidden = false;
let size = "";
new ResizeObserver(() => {
  const now = `${host.clientWidth}x${host.clientHeight}`;
  if (now === size) return;
  size = now;
  const focused = sheet.contains(document.activeElement) && boxes[Number(document.activeElement.dataset.at)].node;
  paint();
  if (focused) focusOn(boxes.find((box) => box.node === focused) || boxes[0]);
}).observe(host);
size = `${host.clientWidth}x${host.clientHeight}`;
if (nodeAt(tree.image, location.hash)) show();
else paint();
