// The pages behind the door, as each role: the ways in and out, who can see what, what one may not see, exact figures,
// accounts and the log. Usage: node tests/browser/signed-in.mjs http://localhost:8105 ACCOUNTS
// ACCOUNTS is a file of lines that `sightline user add --json` printed; PASSWORD, in the environment, is everybody's.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { axeFaults, launch, linksOf, walk } from './browser.mjs';
import { brokenWords, chartText, tooWide } from './faults.mjs';

const base = process.argv[2].replace(/\/?$/, '/');
const accounts = readFileSync(process.argv[3], 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const browser = await launch();
const faults = [];
const fault = (where, what) => faults.push(`${where}: ${what}`);
const counts = { pages: 0, tabs: 0 };
const walked = new Set();
const looked = new Set();

// RFC 6238: six digits of the half minute.
const code = (key) => {
  const letters = key.replaceAll(' ', '');
  const bits = [...letters].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const mac = createHmac('sha1', secret).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
};

// The page as it stands, at two widths.
const look = async (page, where) => {
  counts.pages += 1;
  for (const [width, height] of [[1366, 768], [320, 640]]) {
    await page.setViewportSize({ width, height });
    for (const check of [tooWide, chartText, brokenWords]) {
      for (const found of await page.evaluate(check)) fault(`${where} at ${width}`, found);
    }
    for (const found of await axeFaults(page)) fault(`${where} at ${width}`, found);
  }
};

const keyboard = async (page, path, where) => {
  const kind = path.replace(/(measures|plan)\/.*/, '$1/…');
  if (walked.has(kind)) return;
  walked.add(kind);
  const { tabs, faults: found } = await walk(page, base + path);
  counts.tabs += tabs;
  for (const one of found) fault(where, one);
};

const enter = async (page, account, password, digits) => {
  await page.goto(`${base}sign-in`);
  await page.fill('#name', account.name);
  await page.fill('#password', password);
  await page.fill('#code', digits);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
};

for (const account of accounts) {
  const role = account.name;
  const context = await browser.newContext();
  const page = await context.newPage();
  let refused = 0;
  page.on('console', (message) => {
    // The browser itself writes a line for an answer of 401, 403 or 404.
    if (message.type() === 'error' && !/status of 40[134]/.test(message.text())) fault(role, `console: ${message.text()}`);
  });
  page.on('pageerror', (error) => fault(role, `script: ${error.message}`));
  const visit = async (path) => {
    const where = `${role} at /${path}`;
    const answer = await page.goto(base + path);
    if (answer.status() === 403) refused += 1;
    if (![200, 403, 404].includes(answer.status())) fault(where, `answers ${answer.status()}`);
    // One edition's page is the same to every role that may read it; what one may not see names the role.
    const same = answer.status() === 200 && path.startsWith('restricted/') ? path : `${role} ${path}`;
    if (looked.has(same)) return linksOf(page, base, false);
    looked.add(same);
    await look(page, where);
    await keyboard(page, path, where);
    await page.goto(base + path);
    return linksOf(page, base, false);
  };
  // Before the door, and a wrong password at it.
  await page.goto(base);
  if (!page.url().includes('sign-in')) fault(role, `is let in unasked: ${page.url()}`);
  await look(page, `${role} before signing in`);
  // A code works once: the right one is kept for the right password.
  await enter(page, account, 'not the password at all', '000000');
  if (!page.url().includes('sign-in')) fault(role, 'a wrong password is let in');
  await look(page, `${role} after a wrong password`);
  await enter(page, account, process.env.PASSWORD, code(account.key));
  if (page.url().includes('sign-in')) { fault(role, `is not let in: ${await page.textContent('main')}`); continue; }
  // What the door adds, and for those who may read them the exact pages.
  const waiting = ['who', 'restricted/', 'restricted/data', 'admin/users', 'admin/audit', 'plan/no-such-action', 'nothing-here'];
  const seen = new Set(waiting);
  while (waiting.length > 0) {
    const path = waiting.shift();
    for (const link of await visit(path)) {
      const next = link.slice(base.length);
      if (/^(restricted|admin)\//.test(next) && !seen.has(next)) { seen.add(next); waiting.push(next); }
    }
  }
  // Each role but none is kept from something: admins from figures, the others from accounts.
  if (refused === 0) fault(role, 'is refused nothing');
  await page.goto(`${base}who`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/signed-out');
  await look(page, `${role} signed out`);
  const back = await page.goto(base);
  if (back.ok() && !page.url().includes('sign-in')) fault(role, 'is still let in after signing out');
  await context.close();
}
await browser.close();
for (const one of faults) console.log(one);
console.log(`${accounts.length} roles, ${counts.pages} pages behind the door, ${walked.size} kinds walked by keyboard in ${counts.tabs} steps, ${faults.length} faults`);
process.exit(faults.length > 0 || counts.pages === 0 ? 1 : 0);
