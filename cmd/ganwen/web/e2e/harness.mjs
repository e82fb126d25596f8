// One real server and one real Chromium for every browser test. GANWEN_URL names a running server; without it the
// tests start bin/ganwen on a free port with an empty data folder.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const here = path.dirname(fileURLToPath(import.meta.url))
const binary = path.resolve(here, '../../../../bin/ganwen')
const chrome = process.env.CHROMIUM ?? '/usr/bin/chromium'
const shots = process.env.GANWEN_SHOTS // a folder that keeps the screenshots, to be looked at

// A machine without a browser or a built server says so instead of failing.
export const missing = !existsSync(chrome) ? `no Chromium at ${chrome}`
  : !process.env.GANWEN_URL && !existsSync(binary) ? 'no GANWEN_URL and no bin/ganwen' : false

let server, data, browser
export let url = process.env.GANWEN_URL ?? ''

export async function start() {
  if (missing) return
  if (!url) await serve()
  browser = await chromium.launch({
    executablePath: chrome,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  })
}

async function serve() {
  const port = await new Promise((done) => {
    const s = createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)) })
  })
  data = mkdtempSync(path.join(tmpdir(), 'ganwen-e2e-'))
  server = spawn(binary, ['serve', '--addr', `127.0.0.1:${port}`, '--data', data], { stdio: ['ignore', 'ignore', 'inherit'] })
  url = `http://127.0.0.1:${port}`
  for (let i = 0; i < 240; i++) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`)
    if (await fetch(url + '/readyz').then((r) => r.ok, () => false)) return
    await new Promise((r) => setTimeout(r, 500))
  }
  throw new Error('the server was not ready in two minutes')
}

export async function stop() {
  await browser?.close()
  server?.kill()
  if (data) rmSync(data, { recursive: true, force: true })
}

export const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
export const desk = { viewport: { width: 1366, height: 768 } }

// open gives a fresh page; what the page itself did wrong is collected in page.faults.
export async function open(where = '/', options = phone, prepare) {
  const context = await browser.newContext({ locale: 'zh-CN', ...options })
  const page = await context.newPage()
  page.faults = []
  page.on('pageerror', (e) => page.faults.push(e.message))
  page.on('console', (m) => { if (m.type() === 'error' && !/Failed to load resource|net::ERR/.test(m.text())) page.faults.push(m.text()) })
  if (prepare) await prepare(page)
  await page.goto(url + where)
  return page
}

// close ends a page and throws what it did wrong: an exception, or something the policy blocked.
export async function close(page) {
  const faults = page.faults
  await page.context().close()
  if (faults.length) throw new Error('the page complained: ' + faults.join(' | '))
}

// ask types a question, sends it, and waits for the end of the answer; it returns the newest turn.
export async function ask(page, text) {
  await page.fill('#ask', text)
  await page.press('#ask', 'Enter')
  return settled(page)
}

export async function settled(page) {
  await page.waitForFunction(() => document.querySelector('.turn') && !document.querySelector('.waiting'), null, { timeout: 30_000 })
  await page.waitForTimeout(150) // the card reads its record
  return page.locator('.turn').last()
}

// card asks questions until an answer carries a list.
export async function card(page, text = '新生儿出生登记要带什么材料') {
  let turn = await ask(page, text)
  for (let i = 0; i < 4 && !(await turn.locator('.card').count()); i++) {
    await turn.locator('.question button').first().click()
    turn = await settled(page)
  }
  return turn.locator('.card')
}

export async function shoot(page, name, full = false) {
  if (!shots) return
  mkdirSync(shots, { recursive: true })
  await page.screenshot({ path: path.join(shots, name + '.png'), fullPage: full })
}
