import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { ask, card, close, desk, missing, open, phone, settled, shoot } from './harness.mjs'

const skip = missing
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function findings(page) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run())
  return violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3)}`)
}

const looks = {
  phone, desk,
  dark: { ...phone, colorScheme: 'dark' },
  large: { ...phone, large: true },
  'large desk': { ...desk, large: true },
  plain: { ...phone, plain: true },
  zoom: { viewport: { width: 683, height: 384 } }, // a desk at 200 %
}

for (const [name, { large, plain, ...options }] of Object.entries(looks)) {
  test(`${name}: no serious finding, nothing sideways, nothing clipped, all big enough to touch`, { skip }, async () => {
    const page = await open('/', options, (p) => p.addInitScript(([l, s]) => {
      if (l) localStorage['ganwen.large'] = 'true'
      if (s) localStorage['ganwen.plain'] = 'true'
    }, [large, plain]))
    const check = async (where) => {
      await shoot(page, `${name}-${where}`)
      assert.deepEqual(await findings(page), [], where)
      assert.deepEqual(await page.evaluate(misfits), [], where)
    }
    await check('empty')
    await card(page)
    await check('card')
    await ask(page, '刚生了孩子，要办哪些事')
    await check('event')
    await page.locator('.mark').last().click()
    await check('source')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '记录' }).click()
    await check('history')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '转人工' }).click()
    await check('human')
    await close(page)
  })
}

// misfits runs in the page: what sticks out, is cut off, or is too small for a thumb.
function misfits() {
  const out = []
  if (document.documentElement.scrollWidth > innerWidth) out.push(`page ${document.documentElement.scrollWidth} > ${innerWidth}`)
  const scope = document.querySelector('dialog[open]') ?? document.body
  for (const el of scope.querySelectorAll('button, a, input, textarea, p, li, h1, h2, h3, h4, dd, dt, b, span, label')) {
    const r = el.getBoundingClientRect()
    if (!r.width || !r.height || el.closest('.hidden, .skip, .before')) continue
    const css = getComputedStyle(el)
    if (css.clipPath !== 'none') continue
    if (!el.closest('.chips') && (r.right > innerWidth + 1 || r.left < -1)) out.push(`outside: ${el.tagName} ${el.textContent.slice(0, 20)}`)
    if (css.overflow === 'hidden' && css.textOverflow !== 'ellipsis' && el.scrollWidth > el.clientWidth + 1) out.push(`clipped: ${el.textContent.slice(0, 20)}`)
    if (el.matches('button') && !el.matches('.mark') && (r.height < 43.5 || r.width < 43.5)) out.push(`small: ${el.textContent.slice(0, 20)} ${r.width}×${r.height}`)
  }
  return out
}

test('everything can be done with the keyboard alone', { skip }, async () => {
  const page = await open('/', desk)
  const at = () => page.evaluate(() => (document.activeElement?.textContent || document.activeElement?.id || '').trim())
  const tabTo = async (pattern, most = 60) => {
    for (let i = 0; i < most; i++) {
      await page.keyboard.press('Tab')
      if (pattern.test(await at())) return
    }
    assert.fail(`Tab never reached ${pattern}`)
  }
  await page.keyboard.press('Tab')
  assert.match(await at(), /跳到提问框/)
  await page.keyboard.press('Enter')
  await page.keyboard.type('新生儿出生登记要带什么材料')
  await page.keyboard.press('Enter')
  await settled(page)
  assert.match(await page.evaluate(() => document.activeElement.className), /turn/, 'focus stands on the answer')
  if (!(await page.locator('.card').count())) { await tabTo(/./); await card(page) }
  await page.locator('.turn').last().focus()
  await tabTo(/^要带什么$/)
  await page.keyboard.press('ArrowRight')
  assert.equal(await at(), '怎么办')
  await page.keyboard.press('End')
  assert.equal(await at(), '去哪里')
  await page.keyboard.press('Home')
  await tabTo(/^评一评$/)
  await page.keyboard.press('Enter')
  assert.ok(await page.getByRole('dialog').isVisible())
  await page.keyboard.press('Escape')
  assert.equal(await at(), '评一评', 'focus is back')
  await close(page)
})

test('a screen reader hears what is being done and the answer once', { skip }, async () => {
  const page = await open('/')
  await page.evaluate(() => {
    window.heard = []
    new MutationObserver(() => window.heard.push(document.querySelector('[aria-live=polite]').textContent))
      .observe(document.querySelector('[aria-live=polite]'), { childList: true, subtree: true, characterData: true })
  })
  const turn = await ask(page, '身份证丢了怎么补办')
  const heard = await page.evaluate(() => window.heard)
  assert.ok(heard.length >= 2 && heard.length <= 8, heard.join('|'))
  const said = (await turn.locator('.text').allInnerTexts()).join('').replace(/[\s\d\u2060]/g, '')
  assert.ok(said && heard.at(-1).replace(/\s|\d/g, '').startsWith(said), heard.at(-1))
  await close(page)
})

test('the page is at most 130 KB, gzipped', { skip }, async () => {
  const page = await open()
  const urls = await page.evaluate(() => [location.href, ...performance.getEntriesByType('resource').map((r) => r.name)])
  const own = urls.filter((u) => !u.includes('/api/') && !u.endsWith('/sw.js'))
  const sizes = await Promise.all(own.map(async (u) => gzipSync(Buffer.from(await (await fetch(u)).arrayBuffer())).length))
  const sum = sizes.reduce((a, b) => a + b, 0)
  assert.ok(own.length >= 4 && sum <= 130 * 1024, `${sum} bytes`)
  await close(page)
})

test('painted in a second and usable in two, on a slow line and a slow phone', { skip }, async () => {
  let best = { paint: Infinity, usable: Infinity }
  for (let i = 0; i < 3 && (best.paint > 1000 || best.usable > 2000); i++) {
    const page = await open('/plain.css')
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Network.enable')
    await cdp.send('Network.setCacheDisabled', { cacheDisabled: true })
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 40, downloadThroughput: 1.6e6 / 8, uploadThroughput: 1.6e6 / 8 })
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    await page.goto(new URL('/', page.url()).href)
    await page.locator('.cards button').first().waitFor()
    const times = await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity, usable: performance.now(),
    }))
    if (times.usable < best.usable) best = times
    await page.context().close()
  }
  assert.ok(best.paint <= 1000, `first paint after ${Math.round(best.paint)} ms`)
  assert.ok(best.usable <= 2000, `usable after ${Math.round(best.usable)} ms`)
})
