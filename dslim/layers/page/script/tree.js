// The tree of the image, made again from the columns that the page carries (dslim/layers/page/tree.py says which).

// A node: {id, name, bytes, files, wasted, reasons, parent, children, layer}. `children` is null for what is no
// directory, `name` is "" for the files that are too small to be named, `layer` is -1 for the image itself.
function readTree(columns) {
  const { names, bytes, depths, files, wasted, reasons } = columns;
  const image = { id: -1, name: "", bytes: 0, files: 0, wasted: 0, reasons: [], parent: null, children: [], layer: -1 };
  const nodes = new Array(names.length);
  const above = [image]; // above[depth] is the directory that a node of that depth lies in
  for (let id = 0; id < names.length; id += 1) {
    const depth = depths[id];
    const parent = above[depth];
    const directory = id in files;
    const node = {
      id,
      name: names[id],
      bytes: bytes[id],
      files: directory ? files[id] : 1,
      wasted: wasted[id] || 0,
      reasons: reasons[id] || [],
      parent,
      children: directory && (names[id] || depth === 0) ? [] : null,
      layer: depth === 0 ? image.children.length : parent.layer,
    };
    nodes[id] = node;
    parent.children.push(node);
    if (node.children) above[depth + 1] = node;
    if (depth === 0) {
      image.bytes += node.bytes;
      image.files += node.files;
      image.wasted += node.wasted;
    }
  }
  return { image, nodes };
}

// The nodes from the image down to this one.
function lineage(node) {
  const found = [];
  for (let one = node; one; one = one.parent) found.push(one);
  return found.reverse();
}

// A path as one types it: /usr/lib/x. What has no name of its own is shown as the directory that holds it.
function pathOf(node) {
  return "/" + lineage(node).slice(2).map((one) => one.name).filter(Boolean).join("/");
}

// Where a node is found in the address of the page: "#/LAYER/usr/lib/x"; the image is "#/".
function addressOf(node) {
  if (node.layer < 0) return "#/";
  const names = lineage(node).slice(2).map((one) => one.name).filter(Boolean);
  return "#/" + [node.layer, ...names.map(encodeURIComponent)].join("/");
}

// The node of an address, or the nearest directory above it that is there; null where the address is none of ours.
function nodeAt(image, address) {
  if (!address.startsWith("#/")) return null;
  let node = image;
  for (const part of address.slice(2).split("/")) {
    if (!part) continue;
    const name = decoded(part);
    const found = node === image ? image.children[Number(name)] : node.children?.find((one) => one.name === name);
    if (!found) return node;
    node = found;
  }
  return node;
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// All words must be in the path, in any order and case. Gives the nodes, largest first, without what lies in another
// that was found by its name as well.
function search(nodes, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const found = [];
  const lower = new Array(nodes.length); // paths in lower case; a directory comes before what lies in it
  const taken = new Uint8Array(nodes.length);
  for (const node of nodes) {
    const above = node.parent.id < 0 ? "" : lower[node.parent.id];
    lower[node.id] = node.parent.id < 0 ? "" : `${above}/${node.name.toLowerCase()}`;
    if (node.parent.id >= 0 && taken[node.parent.id]) taken[node.id] = 1;
    if (!node.name || taken[node.id]) continue;
    if (words.every((word) => lower[node.id].includes(word))) {
      taken[node.id] = 1;
      found.push(node);
    }
  }
  return found.sort((one, other) => other.bytes - one.bytes);
}
