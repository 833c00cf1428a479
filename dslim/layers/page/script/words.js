// Sizes, counts and shares in words; the same as dslim/report.py and dslim/page/words.py print.

// One digit behind the point. Both languages round the exact value; what lies in the very middle, which only a quarter
// does, goes up in JavaScript and to the even digit in Python.
function oneDigit(value) {
  return (value % 1 === 0.25 ? value - 0.05 : value).toFixed(1);
}

function sizeOf(bytes) {
  for (const [unit, factor] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]]) {
    if (bytes >= factor) return `${oneDigit(bytes / factor)} ${unit}`;
  }
  return `${bytes} B`;
}

function countOf(count, one, many) {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

function shareOf(part, whole) {
  if (!part || !whole) return "0 %";
  const share = (100 * part) / whole;
  return share < 0.05 ? "< 0.1 %" : `${oneDigit(share)} %`;
}

// An element with a class and text. Everything that a stranger wrote enters the page here, as text.
function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}
