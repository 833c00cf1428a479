// A treemap whose boxes are as square as can be had cheaply.
// After Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000): fill the free rectangle with strips along its
// shorter side; a strip takes one more box as long as that does not make its worst box longer than before.

// `sizes` are numbers in descending order. Gives one {x, y, width, height} for each: areas are in the ratio of the
// sizes, no two overlap, and together they fill the rectangle. What has no size has no area.
function squarify(sizes, x, y, width, height) {
  const boxes = [];
  let left = 0;
  for (const size of sizes) left += size;
  let start = 0;
  while (start < sizes.length) {
    if (left <= 0 || width <= 0 || height <= 0 || sizes[start] <= 0) {
      boxes.push({ x, y, width: 0, height: 0 });
      start += 1;
      continue;
    }
    const side = Math.min(width, height);
    const scale = (width * height) / left; // square pixels of one unit of size
    let end = start + 1;
    let sum = sizes[start];
    let worst = longest(sizes[start], sizes[start], sum, scale, side);
    while (end < sizes.length && sizes[end] > 0) {
      const next = longest(sizes[start], sizes[end], sum + sizes[end], scale, side);
      if (next > worst) break;
      worst = next;
      sum += sizes[end];
      end += 1;
    }
    const last = end === sizes.length || sizes[end] <= 0;
    const depth = last ? Math.max(width, height) : (sum * scale) / side;
    let along = 0;
    for (let at = start; at < end; at += 1) {
      const length = (sizes[at] / sum) * side;
      if (width >= height) boxes.push({ x, y: y + along, width: depth, height: length });
      else boxes.push({ x: x + along, y, width: length, height: depth });
      along += length;
    }
    if (width >= height) {
      x += depth;
      width -= depth;
    } else {
      y += depth;
      height -= depth;
    }
    left -= sum;
    start = end;
  }
  return boxes;
}

// The ratio of the longer to the shorter side of the worst box in a strip whose largest and smallest sizes are these.
function longest(largest, smallest, sum, scale, side) {
  const depth = (sum * scale) / side;
  const long = (largest * scale) / depth;
  const short = (smallest * scale) / depth;
  return Math.max(depth / short, long / depth);
}
