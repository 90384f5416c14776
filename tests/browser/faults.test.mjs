// Each check finds what it is for, in a page made for it, and nothing in the same page mended.
// Usage: node tests/browser/faults.test.mjs
import { launch } from './browser.mjs';
import { brokenWords, chartText, focusable, focused, onPaper, tooWide } from './faults.mjs';

const words = '<p>Data to 31 October 2026. Release 0123456789ab. Nothing else is said on this page, at some length.</p>';
const svg = (inner) => `<svg class="chart" width="200" height="50" viewBox="0 0 200 50"><title>t</title><desc>d</desc>${inner}</svg>`;
const page = (inner, style = '') => `<style>${style}</style><main>${words}${inner}</main><footer>Data to today. Release 0123456789ab</footer>`;

// Check, broken page, mended page, what is said of the broken one.
const cases = [
  [tooWide, page('<div style="width:3000px">x</div>'), page('<div style="width:30px">x</div>'), 'wider than the window'],
  [chartText, page(svg('<path d="M0 0H9"/><text x="190" y="20">leaves</text>')), page(svg('<path d="M0 0H9"/><text x="9" y="20">ok</text>')), 'leaves the frame'],
  [chartText, page(svg('<path d="M0 0H9"/><text x="9" y="20">one</text><text x="12" y="22">two</text>')), page(svg('<path d="M0 0H9"/><text x="9" y="20">one</text><text x="90" y="20">two</text>')), 'upon'],
  [chartText, page(svg('')), page(svg('<path d="M0 0H9"/><text x="9" y="20">ok</text>')), 'empty frame'],
  [chartText, page(svg('<path d="MNaN 0H9"/><text x="9" y="20">a</text>')), page(svg('<path d="M0 0H9"/><text x="9" y="20">a</text>')), 'no number'],
  [brokenWords, page('<p>A rate of NaN</p>'), page('<p>A rate of 3</p>'), 'says "NaN"'],
  [onPaper, page('<details><summary>s</summary><p>folded</p></details>'), page('<details open><summary>s</summary><p>folded</p></details>'), 'folded away'],
  [onPaper, page('<table style="width:3000px"><tr><td>x</td></tr></table>'), page('<table><tr><td>x</td></tr></table>'), 'cut off'],
  [onPaper, page('<p></p>', 'footer { display: none }'), page('<p></p>'), 'does not say its release'],
  [onPaper, page('<nav>menu</nav>'), page('<nav hidden>menu</nav>'), 'the menu is printed'],
];
const browser = await launch();
const tab = await browser.newPage();
let wrong = 0;
const expect = (holds, what) => { if (!holds) { wrong += 1; console.log(`not as it should be: ${what}`); } };
for (const [check, broken, mended, said] of cases) {
  await tab.setContent(broken);
  const found = await tab.evaluate(check);
  expect(found.some((one) => one.includes(said)), `"${said}" is not found: ${JSON.stringify(found)}`);
  await tab.setContent(mended);
  const left = await tab.evaluate(check);
  expect(left.length === 0, `"${said}" mended still says ${JSON.stringify(left)}`);
}
for (const [style, ring] of [['a:focus { outline: none }', false], ['a:focus-visible { outline: 3px solid gold }', true]]) {
  await tab.setContent(page('<a href="#x">link</a>', style));
  const names = await tab.evaluate(focusable);
  await tab.keyboard.press('Tab');
  const now = await tab.evaluate(focused);
  expect(names.length === 1 && now?.at === '0' && now.ring === ring, `focus with "${style}": ${JSON.stringify(now)}`);
}
await browser.close();
console.log(`${cases.length + 2} checks tried on broken pages, ${wrong} wrong`);
process.exit(wrong > 0 ? 1 : 0);
