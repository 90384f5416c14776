// The browser of the checks, and what every check needs of it. CHROMIUM names the program.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { focusable, focused } from './faults.mjs';

const path = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  .find((one) => one && existsSync(one));

export const launch = () => chromium.launch({
  executablePath: path,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});

// Addresses beneath `base` that a page leads to; without files where they need not be asked for.
export const linksOf = async (page, base, files = true) => {
  const all = await page.evaluate(() => [...document.querySelectorAll('a[href]')].map((link) => link.href.split('#')[0]));
  const isFile = (link) => /\.(csv|json|xlsx|svg)$/.test(link) || link.includes('/api/');
  return all.filter((link) => link.startsWith(base) && (files || !isFile(link)));
};

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// What axe finds on the page as it stands.
export const axeFaults = async (page) => {
  // axe is put into the page from outside; the page's own policy is then checked by its reports, not lifted.
  await page.evaluate(axe);
  const rules = { 'target-size': { enabled: true } };
  const result = await page.evaluate((rules) => globalThis.axe.run(document, { resultTypes: ['violations'], rules }), rules);
  return result.violations.map((one) => `axe ${one.id}: ${one.help} (${one.nodes.length}, first ${one.nodes[0].target.join(' ')})`);
};

// Tab from the top: each element in its order, each with a ring that can be seen and within the window.
export const walk = async (page, where) => {
  const faults = [];
  let tabs = 0;
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.goto(where);
  const names = await page.evaluate(focusable);
  // A page may put the focus where its reader begins.
  await page.evaluate(() => document.activeElement?.blur());
  for (let at = 0; at < names.length; at += 1) {
    await page.keyboard.press('Tab');
    tabs += 1;
    const now = await page.evaluate(focused);
    if (!now) return { tabs, faults: [...faults, `keyboard: nothing has the focus after ${at + 1} of ${names.length}`] };
    if (now.at !== String(at)) return { tabs, faults: [...faults, `keyboard: "${now.name}" in place of "${names[at]}"`] };
    if (!now.ring) faults.push(`keyboard: no visible focus on "${now.name}"`);
    if (!now.inside || now.size === 0) faults.push(`keyboard: "${now.name}" has the focus outside the window`);
  }
  const fold = page.locator('main summary').first();
  if (await fold.count() > 0) {
    await fold.focus();
    await page.keyboard.press('Enter');
    if (!await fold.evaluate((one) => one.parentElement.open)) faults.push('keyboard: Enter does not unfold');
  }
  return { tabs, faults };
};
