import { expect, it } from 'vitest'
import { readSmtpUrl } from './smtp-url.ts'

it.each([
  ['smtp://mail.example.org', { port: 587, security: 'starttls', user: '', password: '' }],
  ['smtp://mail.example.org:2525/', { port: 2525, security: 'starttls' }],
  ['smtps://mail.example.org', { port: 465, security: 'tls' }],
  ['smtps://ada%40example.org:p%40ss%3Aword@mail.example.org:4650', { user: 'ada@example.org' }],
  ['smtps://ada:p%40ss%3Aw%25rd@mail.example.org', { password: 'p@ss:w%rd' }],
  ['smtp://mail.example.org?tls=off', { security: 'none' }],
  ['smtp://localhost:1025', { host: 'localhost', port: 1025, security: 'none' }],
  ['smtp://ada:pw@127.0.0.1', { host: '127.0.0.1', security: 'none', user: 'ada' }],
  ['smtp://[::1]:25', { host: '::1', port: 25, security: 'none' }],
])('%s is taken', (text, expected) => {
  expect(readSmtpUrl(text)).toMatchObject(expected)
})

it.each([
  ['mail.example.org', /not the address/],
  ['https://mail.example.org', /not the address/],
  ['smtp://', /not the address/],
  ['smtp://mail.example.org/path', /more than/],
  ['smtp://mail.example.org?tls=of', /more than/],
  ['smtp://mail.example.org?requireTLS=false', /more than/],
  ['smtp://mail.example.org#secret', /more than/],
  ['smtp://ada:100%secret@mail.example.org', /"%25"/],
  ['smtp://ada:secret@mail.example.org?tls=off', /unencrypted/],
])('%s is refused in words that do not repeat it', (text, why) => {
  const said = readSmtpUrl(text)
  expect(said).toMatch(why)
  expect(said).not.toMatch(/secret|ada/)
})
