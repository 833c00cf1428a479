// The map: what is drawn for one directory at one size, and how the keyboard moves in it.

const MOST_BOXES = 1500;
const LEAST_SIDE = 3; // pixels; what is smaller is in the list beside the map
const HEAD = 18; // pixels for the name of an open directory
const EDGE = 3; // pixels around what lies in it

// The boxes of `view` in a rectangle: {node, name, x, y, width, height, level, open}. Level 1 is what lies in `view`
// itself; deeper levels are a preview of what a directory holds. Outer boxes come before inner ones.
function plan(view, width, height) {
  const boxes = [];
  const waiting = [{ node: view, x: 0, y: 0, width, height, level: 0 }];
  for (let next = 0; next < waiting.length && boxes.length < MOST_BOXES; next += 1) {
    const outer = waiting[next];
    const inset = outer.level ? EDGE : 0;
    const top = outer.level ? HEAD : 0;
    const within = filled(outer.node);
    const places = squarify(
      within.map((node) => node.bytes),
      outer.x + inset,
      outer.y + top,
      outer.width - 2 * inset,
      outer.height - top - inset,
    );
    within.forEach((node, at) => {
      const place = places[at];
      if (place.width < LEAST_SIDE || place.height < LEAST_SIDE || boxes.length >= MOST_BOXES) return;
      const box = { ...followed(node), ...place, level: outer.level + 1, open: false };
      box.open = Boolean(box.node.children?.length) && box.node.bytes > 0 && place.width > 48 && place.height > 44;
      boxes.push(box);
      if (box.open) waiting.push(box);
    });
  }
  return boxes;
}

// What lies in a directory and has a size, largest first.
function filled(node) {
  return (node.children || []).filter((one) => one.bytes > 0).sort((one, other) => other.bytes - one.bytes);
}

// A directory in which all bytes lie in one directory is one box with both names: app/src/main.
function followed(node) {
  let name = node.name;
  let end = node;
  while (end.parent.id >= 0 && end.children) {
    const within = filled(end);
    if (within.length !== 1 || !within[0].children) break;
    end = within[0];
    name += `/${end.name}`;
  }
  return { node: end, name };
}

// Draws boxes into `host`. Those of level 1 are buttons, one of them in the order of Tab; the others are for the eye,
// and for a pointer that knows where it wants to go. `width` is the one that was planned for; `dull` says which nodes are not asked for.
function drawMap(host, boxes, width, titleOf, dull) {
  const drawn = document.createDocumentFragment();
  boxes.forEach((box, at) => {
    const { node, level } = box;
    const element = make(level === 1 ? "button" : "span", "box");
    element.dataset.at = at;
    element.dataset.level = Math.min(level, 4);
    element.style.left = `${(100 * box.x) / width}%`; // of the width, so that the map fits paper too
    element.style.top = `${box.y}px`;
    element.style.width = `calc(${(100 * box.width) / width}% - 1px)`;
    element.style.height = `${Math.max(box.height - 1, 1)}px`;
    element.style.setProperty("--hue", hueOf(node.layer));
    const name = node.parent.id < 0 ? titleOf(node) : box.name || titleOf(node);
    if (level === 1) {
      element.type = "button";
      element.tabIndex = -1;
      element.setAttribute("aria-label", spoken(node, name));
    } else {
      element.setAttribute("aria-hidden", "true");
    }
    if (box.open) element.classList.add("open");
    if (isWaste(node) && !box.open) element.classList.add("waste");
    else if (100 * node.wasted >= node.bytes && node.wasted) {
      element.classList.add("some");
      element.style.setProperty("--share", `${(100 * node.wasted) / node.bytes}%`);
    }
    if (dull(node)) element.classList.add("dull");
    if (box.width > 36 && box.height > 15) {
      element.append(make("span", "name", name));
      const beside = box.open && box.width > 110;
      if (beside || (!box.open && box.height > 32 && box.width > 62)) {
        element.append(make("span", "size", sizeOf(node.bytes)));
      }
    }
    drawn.append(element);
  });
  host.replaceChildren(drawn);
}

// More than half of it need not be there.
function isWaste(node) {
  return node.wasted > 0 && 2 * node.wasted > node.bytes;
}

// Layers differ in cool hues; the warm ones are for waste.
function hueOf(layer) {
  return 165 + ((Math.max(layer, 0) * 0.618) % 1) * 140;
}

function spoken(node, name) {
  const said = [name, sizeOf(node.bytes)];
  if (node.children || !node.name) said.push(countOf(node.files, "file", "files"));
  if (node.wasted) said.push(`${sizeOf(node.wasted)} wasted`);
  return said.join(", ");
}

// The box of level 1 that lies next in the direction of an arrow key, or null. What lies straight ahead comes first.
function neighbour(boxes, from, key) {
  const [right, down] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
  const [x, y] = middle(from);
  let best = null;
  let least = Infinity;
  for (const box of boxes) {
    if (box === from || box.level !== 1) continue;
    const [otherX, otherY] = middle(box);
    const ahead = (otherX - x) * right + (otherY - y) * down;
    if (ahead <= 0.5) continue;
    const overlaps = right
      ? box.y < from.y + from.height && from.y < box.y + box.height
      : box.x < from.x + from.width && from.x < box.x + box.width;
    const aside = Math.abs(right ? otherY - y : otherX - x);
    const far = ahead + 2 * aside + (overlaps ? 0 : 1e6);
    if (far < least) [best, least] = [box, far];
  }
  return best;
}

// The new picture grows out of the box that was opened, or shrinks into the one that was left.
function animate(sheet, box, width, height, opened) {
  if (!box || !box.width || !box.height || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const start = opened
    ? `translate(${box.x}px, ${box.y}px) scale(${box.width / width}, ${box.height / height})`
    : `scale(${width / box.width}, ${height / box.height}) translate(${-box.x}px, ${-box.y}px)`;
  sheet.animate([{ transform: start, opacity: 0.35 }, { transform: "none", opacity: 1 }], {
    duration: 240,
    easing: "cubic-bezier(0.2, 0.7, 0.2, 1)",
  });
}
