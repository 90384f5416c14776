// Charts and words of every page over unusual data, at two widths.
// Usage: node tests/browser/charts.mjs NAME=http://127.0.0.1:8098 …
import { brokenWords, chartText, tooWide } from './faults.mjs';
import { launch, linksOf } from './browser.mjs';

const worlds = process.argv.slice(2).map((one) => one.split(/=(.*)/s));
const faults = [];
let pages = 0;
let drawn = 0;
const browser = await launch();
await Promise.all(worlds.map(async ([name, at]) => {
  const base = at.replace(/\/?$/, '/');
  const page = await browser.newPage();
  const waiting = [base];
  const seen = new Set();
  while (waiting.length > 0) {
    const where = waiting.shift();
    if (seen.has(where)) continue;
    seen.add(where);
    const answer = await page.request.head(where);
    if (!answer.ok()) { faults.push(`${name} ${where}: answers ${answer.status()}`); continue; }
    if (!(answer.headers()['content-type'] ?? '').startsWith('text/html')) continue;
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.goto(where);
    pages += 1;
    for (const width of [1366, 375]) {
      await page.setViewportSize({ width, height: 768 });
      for (const check of [tooWide, chartText, brokenWords]) {
        for (const found of await page.evaluate(check)) faults.push(`${name} ${where} at ${width}: ${found}`);
      }
    }
    drawn += await page.evaluate(() => document.querySelectorAll('svg.chart').length);
    waiting.push(...await linksOf(page, base, false));
  }
}));
await browser.close();
for (const one of faults) console.log(one);
console.log(`${worlds.length} worlds, ${pages} pages, ${drawn} charts, ${faults.length} faults`);
process.exit(faults.length > 0 || pages === 0 ? 1 : 0);
