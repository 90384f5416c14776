// Walks every internal link of a running Sightline in a real browser and lists every fault at once.
// Usage: node tests/browser/check.mjs http://127.0.0.1:8080 [folder for screenshots]
// CHROMIUM names the browser; by default the first of the usual places that exists.
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const axe = require.resolve('axe-core/axe.min.js');
const base = (process.argv[2] ?? 'http://127.0.0.1:8080').replace(/\/?$/, '/');
const shots = process.argv[3];
const browserPath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  .find((path) => path && existsSync(path));
const sizes = [[1366, 768], [375, 812], [320, 640]];
const faults = [];
const fault = (where, what) => faults.push(`${where}: ${what}`);

const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
// axe is put into the page from outside; the page's own policy is then checked by its reports, not lifted.
const context = await browser.newContext({ bypassCSP: false });
const page = await context.newPage();
let where = base;
page.on('console', (message) => { if (message.type() === 'error') fault(where, `console: ${message.text()}`); });
page.on('pageerror', (error) => fault(where, `script: ${error.message}`));
page.on('requestfailed', (request) => fault(where, `request failed: ${request.url()}`));

// Every SVG text inside its frame, and none upon another.
const textFaults = () => {
  const found = [];
  for (const svg of document.querySelectorAll('svg.chart')) {
    const frame = svg.getBoundingClientRect();
    if (frame.width === 0) continue;
    const boxes = [...svg.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
    const name = svg.querySelector('title')?.textContent;
    boxes.forEach(([words, box], at) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) {
        found.push(`chart "${name}": "${words}" leaves the frame`);
      }
      for (const [others, other] of boxes.slice(at + 1)) {
        const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
        if (across > 1 && down > 4) found.push(`chart "${name}": "${words}" upon "${others}"`);
      }
    });
  }
  return found;
};

const waiting = [base];
const seen = new Set();
let pages = 0;
while (waiting.length > 0) {
  where = waiting.shift();
  if (seen.has(where)) continue;
  seen.add(where);
  const answer = await context.request.get(where);
  if (!answer.ok()) { fault(where, `answers ${answer.status()}`); continue; }
  if (!(answer.headers()['content-type'] ?? '').startsWith('text/html')) continue;
  pages += 1;
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    await page.goto(where, { waitUntil: 'load' });
    const here = `${where} at ${width}`;
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) fault(here, `wider than the window by ${over} px`);
    for (const found of await page.evaluate(textFaults)) fault(here, found);
    if (where === base && width === 1366) {
      const foot = await page.evaluate(() => document.querySelector('main').getBoundingClientRect().bottom);
      if (foot > height) fault(here, `the first screen needs scrolling: ${Math.ceil(foot)} px`);
    }
    if (shots) {
      mkdirSync(shots, { recursive: true });
      const name = where.slice(base.length).replaceAll('/', '-') || 'first';
      await page.screenshot({ path: `${shots}/${name}-${width}.png`, fullPage: !(where === base && width === 1366) });
      if (width === 1366) await page.pdf({ path: `${shots}/${name}.pdf`, format: 'A4' });
    }
    await page.evaluate(await import('node:fs').then((fs) => fs.readFileSync(axe, 'utf8')));
    const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    for (const one of result.violations) {
      fault(here, `axe ${one.id}: ${one.help} (${one.nodes.length}, first ${one.nodes[0].target.join(' ')})`);
    }
  }
  const links = await page.evaluate(() => [...document.querySelectorAll('a[href]')].map((link) => link.href.split('#')[0]));
  for (const link of links) if (link.startsWith(base) && !seen.has(link)) waiting.push(link);
}
await browser.close();
for (const one of faults) console.log(one);
console.log(`${seen.size} addresses, ${pages} pages, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
