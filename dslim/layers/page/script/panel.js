// What stands beside the map: the way up, the list of what is shown, and the facts about one node.

const LISTED = 200;

// The way from the image down to `view`, each step a link but the last.
function drawWay(host, view, titleOf) {
  const steps = lineage(view);
  host.replaceChildren(
    ...steps.map((node, at) => {
      const item = make("li");
      const step = make(at + 1 < steps.length ? "a" : "span", "", titleOf(node));
      if (at + 1 < steps.length) step.href = addressOf(node);
      else step.setAttribute("aria-current", "location");
      item.append(step);
      return item;
    }),
  );
}

// A row for each node: name, bar, size. `whole` is what a full bar stands for; `nameOf` what a row is called.
function drawList(host, nodes, whole, nameOf, opened) {
  const rows = nodes.slice(0, LISTED).map((node) => {
    const item = make("li");
    const row = make(canOpen(node) ? "button" : "span", "row");
    if (canOpen(node)) {
      row.type = "button";
      row.addEventListener("click", () => opened(node));
    }
    row.append(make("span", "name", nameOf(node)), make("span", "size", sizeOf(node.bytes)));
    const bar = make("span", "line");
    const kept = make("span", "kept");
    const lost = make("span", "lost");
    kept.style.width = `${whole ? (100 * (node.bytes - node.wasted)) / whole : 0}%`;
    lost.style.width = `${whole ? (100 * node.wasted) / whole : 0}%`;
    bar.append(kept, lost);
    row.append(bar);
    if (node.wasted) row.append(make("span", "unseen", `, ${sizeOf(node.wasted)} wasted`));
    item.append(row);
    return item;
  });
  const more = nodes.length - LISTED;
  if (more > 0) rows.push(make("li", "more soft", `and ${countOf(more, "more", "more")}, each of them smaller`));
  host.replaceChildren(...rows);
}

// What has an address of its own.
function canOpen(node) {
  return Boolean(node.name) || node.layer < 0 || node.parent.id < 0;
}

function drawFacts(host, node, page) {
  const { tree, layers, reasons, titleOf } = page;
  const layer = layers[node.layer];
  const parts = [];
  const path = node.layer < 0 || node.parent.id < 0 ? titleOf(node) : pathOf(node);
  const small = canOpen(node) ? "" : ` (${countOf(node.files, "small file", "small files")})`;
  parts.push(make("p", "path mono", path + small));
  const facts = [sizeOf(node.bytes), `${shareOf(node.bytes, tree.image.bytes)} of the image`];
  if (node.children) facts.push(countOf(node.files, "file", "files"));
  if (layer && node.parent.id >= 0) facts.push(`layer ${node.layer}`);
  if (layer?.where) facts.push(layer.where);
  parts.push(make("p", "numbers", facts.join(" · ")));
  if (layer && node.parent.id >= 0) parts.push(make("p", "by mono soft", layer.instruction));
  if (node.wasted) {
    parts.push(make("p", "warm", `${sizeOf(node.wasted)} wasted (${shareOf(node.wasted, node.bytes)})`));
  }
  for (const at of node.reasons) {
    const { label, counted, by, cure } = reasons[at];
    const line = make("p", counted ? "why" : "why soft");
    line.append(make("span", counted ? "chip warm" : "chip", label), " ");
    if (by !== null) line.append(`by layer ${by}, ${layers[by].instruction.slice(0, 80)}; `);
    line.append(cure ? `cured by ${cure}` : counted ? "no transform cures this" : "worth a look");
    parts.push(line);
  }
  host.replaceChildren(...parts);
}
