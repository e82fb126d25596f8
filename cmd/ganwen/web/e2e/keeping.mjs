import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ask, card, close, missing, open, phone, settled, shoot } from './harness.mjs'

const skip = missing
const label = /本回答由人工智能生成/

test('history holds the conversations of this device, and forgetting clears them here and on the server', { skip }, async () => {
  const page = await open()
  await ask(page, '身份证丢了怎么补办')
  await page.getByRole('button', { name: '记录' }).click()
  await page.getByRole('button', { name: '清空，问新的事' }).click()
  assert.equal(await page.locator('.turn').count(), 0)
  await page.getByRole('button', { name: '记录' }).click()
  await page.getByRole('button', { name: /身份证丢了怎么补办/ }).click()
  assert.equal(await page.locator('.turn').count(), 1)
  await page.getByRole('button', { name: '记录' }).click()
  await shoot(page, 'history')
  const told = page.waitForResponse((r) => r.url().endsWith('/api/v1/sessions/forget'))
  await page.getByRole('button', { name: '忘记我' }).click()
  await page.getByRole('button', { name: '清掉' }).click()
  const r = await told
  assert.ok(r.ok(), `forgetting answered ${r.status()}`)
  assert.ok(r.request().postDataJSON().session_id)
  await page.getByText('都清掉了').waitFor()
  const kept = await page.evaluate(() => JSON.stringify(localStorage))
  assert.ok(!kept.includes('身份证'), 'nothing of it is left on the device')
  await close(page)
})

test('copied lists and copied selections carry the label', { skip }, async () => {
  const page = await open('/', { ...phone, permissions: ['clipboard-read', 'clipboard-write'] })
  const c = await card(page)
  const paper = await c.locator('.papers .name').first().evaluate((el) => el.firstChild.textContent)
  await page.getByRole('button', { name: '带走' }).last().click()
  await page.getByRole('button', { name: '复制文字' }).click()
  await page.getByText('复制好了').waitFor()
  const text = await page.evaluate(() => navigator.clipboard.readText())
  assert.match(text, label)
  assert.ok(text.includes(paper))
  assert.ok(!/\[c\d+\]/.test(text), 'no evidence marks')
  await page.keyboard.press('Escape')
  await page.evaluate(() => getSelection().selectAllChildren([...document.querySelectorAll('.answer .text')].at(-1)))
  await page.keyboard.press('Control+c')
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), label)
  await close(page)
})

test('the picture of a list is a PNG with the metadata of generated content', { skip }, async () => {
  const page = await open('/', { viewport: phone.viewport })
  await card(page)
  await page.getByRole('button', { name: '带走' }).last().click()
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '存成图片' }).click()])
  const bytes = readFileSync(await file.path())
  assert.equal(bytes.subarray(1, 4).toString(), 'PNG')
  const at = bytes.indexOf('iTXtAIGC')
  assert.ok(at > 0)
  const meta = JSON.parse(bytes.subarray(at + 13, at + 4 + bytes.readUInt32BE(at - 4)).toString())
  assert.equal(meta.AIGC.Label, '1')
  await close(page)
})

test('printing shows one answer as a clean list with its label', { skip }, async () => {
  const page = await open('/', phone, (p) => p.addInitScript(() => { window.print = () => { window.printed = true } }))
  await ask(page, '身份证丢了怎么补办')
  await card(page)
  await page.getByRole('button', { name: '带走' }).last().click()
  await page.getByRole('button', { name: '打印' }).click()
  await page.waitForFunction(() => window.printed)
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.locator('.turn:visible').count(), 1)
  assert.equal(await page.locator('.composer:visible, .bar:visible, dialog:visible').count(), 0)
  assert.equal(await page.locator('.turn:visible .panel:visible').count(), 5, 'all five parts on paper')
  assert.match(await page.locator('.turn:visible .label').innerText(), label)
  await close(page)
})

test('without a network the page says so, still opens, and goes on when it is back', { skip }, async () => {
  const page = await open()
  await ask(page, '身份证丢了怎么补办')
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.reload() // through the worker, so that the files are kept
  await page.waitForTimeout(300)
  await page.context().setOffline(true)
  await page.locator('.offline').waitFor()
  await shoot(page, 'offline')
  const turn = await ask(page, '社保卡怎么办')
  assert.match(await turn.locator('.failed').innerText(), /没有连上网[\s\S]*12345/)
  await page.reload()
  assert.equal(await page.locator('.turn').count(), 2, 'what was asked before can be read')
  await page.context().setOffline(false)
  await page.locator('.offline').waitFor({ state: 'detached' })
  await page.locator('.turn').last().getByRole('button', { name: '再试一次' }).click()
  assert.ok(await (await settled(page)).locator('.answer').count())
  await close(page)
})

test('answers are read aloud when wished, and reading stops', { skip }, async () => {
  const page = await open('/', phone, (p) => p.addInitScript(() => {
    window.read = []
    window.speechSynthesis.speak = (u) => window.read.push(u.text)
  }))
  await page.getByRole('button', { name: '读出来' }).click()
  const turn = await ask(page, '身份证丢了怎么补办')
  const read = (await page.evaluate(() => window.read)).join('')
  assert.ok(read.length > 5 && !/\[c/.test(read))
  await turn.getByRole('button', { name: '停' }).click()
  assert.ok(await turn.getByRole('button', { name: '读一遍' }).count())
  await close(page)
})

test('the microphone writes what it heard', { skip }, async () => {
  const page = await open('/', phone, (p) => p.addInitScript(() => {
    window.webkitSpeechRecognition = window.SpeechRecognition = class extends EventTarget {
      start() { setTimeout(() => { this.onresult({ results: [[{ transcript: '我要办社保卡' }]] }); this.onend() }, 50) }
      stop() { this.onend() }
    }
  }))
  await page.getByRole('button', { name: '用话说' }).click()
  await page.waitForFunction(() => document.querySelector('#ask').value === '我要办社保卡')
  await close(page)
})
