import assert from 'node:assert/strict'
import { test } from 'node:test'
import { close, missing, open, phone, shoot } from './harness.mjs'

const skip = missing

test('without JavaScript a form asks and the server renders the answer', { skip }, async () => {
  const page = await open('/', { ...phone, javaScriptEnabled: false })
  await shoot(page, 'nojs-form')
  await page.fill('input[name=q]', '新生儿出生登记要带什么材料')
  await page.click('button[type=submit]')
  assert.match(page.url(), /\?q=/)
  await page.locator('section[aria-label=回答]').waitFor()
  assert.ok((await page.locator('section[aria-label=回答]').innerText()).length > 10)
  assert.match(await page.locator('footer').innerText(), /人工智能生成/)
  assert.equal(await page.locator('input[name=session]').first().getAttribute('value') !== '', true)
  await shoot(page, 'nojs-results', true)
  const chip = page.locator('button.chip').first()
  if (await chip.count()) {
    await chip.click()
    await page.locator('section[aria-label=回答]').waitFor()
    assert.match(page.url(), /[?&]a=/)
  }
  await close(page)
})
