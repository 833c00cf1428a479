// Sizes, counts and shares in words; the same as dslim/report.py and dslim/page/words.py print.

// One digit behind the point; what lies in the middle goes to the even neighbour, as Python has it.
const ONE_DIGIT = new Intl.NumberFormat("en-US", {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  useGrouping: false,
  roundingMode: "halfEven",
});

function sizeOf(bytes) {
  for (const [unit, factor] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]]) {
    if (bytes >= factor) return `${ONE_DIGIT.format(bytes / factor)} ${unit}`;
  }
  return `${bytes} B`;
}

function countOf(count, one, many) {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

function shareOf(part, whole) {
  if (!part || !whole) return "0 %";
  const share = (100 * part) / whole;
  return share < 0.05 ? "< 0.1 %" : `${ONE_DIGIT.format(share)} %`;
}

// An element with a class and text. Everything that a stranger wrote enters the page here, as text.
function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}
