// The browser of the checks, and what every check needs of it. CHROMIUM names the program.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

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
