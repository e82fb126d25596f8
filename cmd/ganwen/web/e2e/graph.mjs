import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { close, desk, missing, open, phone, shoot, url } from './harness.mjs'

const skip = missing
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function first() {
  const r = await (await fetch(url + '/api/v1/search?type=matter&q=' + encodeURIComponent('出生登记'))).json()
  return 'matter:' + r.hits.find((h) => h.kind === 'matter').code
}

for (const [name, options] of Object.entries({ phone, desk })) {
  test(`${name}: a matter stands in the middle of at most forty nodes, and a click moves the middle`, { skip }, async () => {
    const page = await open('/graph?id=' + encodeURIComponent(await first()), options)
    await page.locator('.center b').waitFor()
    const before = await page.locator('.center b').innerText()
    const n = await page.locator('.node').count()
    assert.ok(n >= 3 && n <= 39, `${n} nodes`)
    assert.ok(await page.locator('.needs .node').count(), 'what it needs')
    assert.ok(await page.locator('.law .node').count(), 'the law')
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= options.viewport.width)
    await page.evaluate(axe)
    const bad = await page.evaluate(async () => (await window.axe.run()).violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => v.id))
    assert.deepEqual(bad, [])
    await shoot(page, `graph-${name}`, true)
    const to = await page.locator('.node span').first().innerText()
    await page.locator('.node').first().click()
    await page.waitForFunction((t) => document.querySelector('.center b')?.textContent === t, to)
    await page.goBack()
    await page.waitForFunction((t) => document.querySelector('.center b')?.textContent === t, before)
    await close(page)
  })
}

test('on a wide screen needs stand left, yields right, law below, events above', { skip }, async () => {
  const page = await open('/graph?id=' + encodeURIComponent(await first()), desk)
  await page.locator('.center b').waitFor()
  const box = (s) => page.locator(s).first().boundingBox()
  const mid = await box('.center')
  assert.ok((await box('.needs .node')).x < mid.x)
  assert.ok((await box('.law .node')).y > mid.y)
  if (await page.locator('.yields .node').count()) assert.ok((await box('.yields .node')).x > mid.x)
  if (await page.locator('.events .node').count()) assert.ok((await box('.events .node')).y < mid.y)
  assert.ok(await page.locator('.lines path').count())
  await close(page)
})

test('a crowded node folds what does not fit, and unfolds it', { skip }, async () => {
  const page = await open('/graph?id=' + encodeURIComponent('paper:身份证'), desk)
  const fold = page.locator('.fold').first()
  await page.locator('.center b, .trouble').first().waitFor()
  if (await page.locator('.trouble').count()) {
    await page.fill('#find', '身份证')
    await page.press('#find', 'Enter')
    await page.locator('.hits button').first().click()
    await page.locator('.center b').waitFor()
  }
  assert.ok((await page.locator('.node').count()) <= 39)
  if (await fold.count()) {
    const shown = await page.locator('.node').count()
    assert.match(await fold.innerText(), /还有 \d+ 个/)
    await fold.click()
    assert.notEqual(await page.locator('.node').count(), shown)
    assert.ok((await page.locator('.node').count()) <= 39 * 2)
  }
  await close(page)
})

test('it can be found by name and read as a list', { skip }, async () => {
  const page = await open('/graph', phone)
  await page.fill('#find', '出生登记')
  await page.press('#find', 'Enter')
  await page.locator('.hits button').first().click()
  await page.locator('.center b').waitFor()
  const name = await page.locator('.center b').innerText()
  await page.getByRole('button', { name: '看列表' }).click()
  assert.match(await page.locator('.list h1').innerText(), new RegExp(name.slice(0, 4)))
  assert.ok((await page.locator('.list li button').count()) >= 3)
  await shoot(page, 'graph-list')
  await close(page)
})
