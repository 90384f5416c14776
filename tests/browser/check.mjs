// Walks every internal link of a running Sightline in a real browser and lists every fault at once: four widths (683 px is
// 1366 at 200 % zoom), axe, scripting off, paper, and a keyboard's way through each kind of page.
// Usage: node tests/browser/check.mjs http://127.0.0.1:8080 [folder for screenshots]
import { mkdirSync } from 'node:fs';
import { axeFaults, launch, linksOf, walk } from './browser.mjs';
import { brokenWords, chartText, onPaper, tooWide } from './faults.mjs';

const base = (process.argv[2] ?? 'http://127.0.0.1:8080').replace(/\/?$/, '/');
const shots = process.argv[3];
const sizes = [[1366, 768], [683, 384], [375, 812], [320, 640]];
// A4 less 15 mm on each side, in CSS pixels.
const paper = { width: 680, height: 1009 };
const workers = 3;
const faults = [];
const fault = (where, what) => faults.push(`${where}: ${what}`);
const browser = await launch();
const counts = { pages: 0, tabs: 0, sheets: 0, walked: new Set() };

// Pages of one kind share a walk: the first action stands for all, and so does the first measure of the walk.
const kindOf = (where) => where.slice(base.length).replace(/^(plan|measures|compare)\/.*/, '$1/…');

// As printed: what is cut off, and whether the foot of the page has a sheet to itself.
const print = async (page, where) => {
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize(paper);
  await page.goto(where);
  for (const check of [onPaper, chartText]) {
    for (const found of await page.evaluate(check)) fault(`${where} on paper`, found);
  }
  const sheets = async () => {
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
    return (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
  };
  const whole = await sheets();
  counts.sheets += whole;
  if (whole === 0) fault(where, 'paper: no sheet');
  if (where === base && whole > 1) fault(where, `paper: the first screen takes ${whole} sheets`);
  const foot = await page.evaluate(() => {
    const one = document.querySelector('footer');
    const shown = one?.checkVisibility();
    one?.remove();
    return shown;
  });
  if (foot && whole > 1 && await sheets() < whole) fault(where, 'paper: the foot of the page has a sheet to itself');
  await page.emulateMedia({ media: null });
};

// With scripting off the same words are there, and every fold opens.
const plain = async (page, where, words) => {
  await page.goto(where);
  const without = await page.evaluate(() => document.querySelector('main').textContent);
  if (without !== words) fault(where, `scripting off: ${without.length} characters in place of ${words.length}`);
  const fold = page.locator('main summary').first();
  if (await fold.count() > 0) {
    await fold.click();
    if (!await fold.evaluate((one) => one.parentElement.open)) fault(where, 'scripting off: a fold does not open');
  }
};

const screens = async (page, where) => {
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    if (width === sizes[0][0]) await page.goto(where, { waitUntil: 'load' });
    const here = `${where} at ${width}`;
    for (const check of [tooWide, chartText, brokenWords]) {
      for (const found of await page.evaluate(check)) fault(here, found);
    }
    if (where === base && width === 1366) {
      const foot = await page.evaluate(() => document.querySelector('main').getBoundingClientRect().bottom);
      if (foot > height) fault(here, `the first screen needs scrolling: ${Math.ceil(foot)} px`);
    }
    if (shots) {
      mkdirSync(shots, { recursive: true });
      const name = where.slice(base.length).replaceAll('/', '-') || 'first';
      await page.screenshot({ path: `${shots}/${name}-${width}.png`, fullPage: !(where === base && width === 1366) });
    }
    if (width !== 1366 && width !== 320) continue;
    for (const found of await axeFaults(page)) fault(here, found);
  }
};

const waiting = [base];
const seen = new Set(waiting);
let busy = 0;
const worker = async () => {
  const context = await browser.newContext();
  const off = await browser.newContext({ javaScriptEnabled: false });
  const [page, bare] = [await context.newPage(), await off.newPage()];
  let where = base;
  page.on('console', (message) => { if (message.type() === 'error') fault(where, `console: ${message.text()}`); });
  page.on('pageerror', (error) => fault(where, `script: ${error.message}`));
  page.on('requestfailed', (request) => fault(where, `request failed: ${request.url()}`));
  while (waiting.length > 0 || busy > 0) {
    const next = waiting.shift();
    if (!next) { await new Promise((done) => setTimeout(done, 20)); continue; }
    where = next;
    busy += 1;
    try {
      const answer = await context.request.get(where);
      if (!answer.ok()) { fault(where, `answers ${answer.status()}`); continue; }
      if (!(answer.headers()['content-type'] ?? '').startsWith('text/html')) continue;
      counts.pages += 1;
      await screens(page, where);
      const words = await page.evaluate(() => document.querySelector('main').textContent);
      // Files too: each must answer, though only pages are looked at.
      for (const link of await linksOf(page, base)) if (!seen.has(link)) { seen.add(link); waiting.push(link); }
      if (!counts.walked.has(kindOf(where))) {
        counts.walked.add(kindOf(where));
        const walked = await walk(page, where);
        counts.tabs += walked.tabs;
        for (const found of walked.faults) fault(where, found);
      }
      await print(page, where);
      await plain(bare, where, words);
    } catch (error) {
      fault(where, `the check itself: ${error.message.split('\n')[0]}`);
    } finally {
      busy -= 1;
    }
  }
};
await Promise.all(Array.from({ length: workers }, worker));
await browser.close();
for (const one of faults) console.log(one);
console.log(`${seen.size} addresses, ${counts.pages} pages, ${counts.walked.size} kinds walked by keyboard in ${counts.tabs} steps, `
  + `${counts.sheets} sheets, ${faults.length} faults`);
process.exit(faults.length > 0 || counts.pages === 0 ? 1 : 0);
