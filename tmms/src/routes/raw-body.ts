/** Reads a body that is no JSON, once it is known that whoever sends it may. */
import express, { type Request, type Response } from 'express'
import { TmmsError } from '../errors.ts'
import { bounded } from './bounded-body.ts'

/** @throws {TmmsError} `bad-request` for JSON, `too-large`. */
export async function readRaw(
  request: Request,
  response: Response,
  maxBytes: number,
): Promise<Buffer> {
  const type = 'image/*'
  const read = bounded(express.raw({ limit: maxBytes, inflate: false, type }), { maxBytes, type })
  await new Promise<void>((resolve, reject) => {
    read(request, response, (error: unknown) => {
      if (error === undefined) resolve()
      else reject(error instanceof Error ? error : unreadable())
    })
  })
  const body: unknown = request.body
  if (Buffer.isBuffer(body)) return body
  throw unreadable()
}

function unreadable(): TmmsError {
  return new TmmsError('bad-request', 'The body must be a picture, with its content type.')
}
