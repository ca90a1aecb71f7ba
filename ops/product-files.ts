/** The version of the product that lies on the disk, and its list of changes. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

interface ProductFiles {
  readonly version: string
  readonly changelog: string
}

const MANIFEST = 'package.json'
const CHANGELOG = 'CHANGELOG.md'

/** Without a list of changes that cannot be read. @throws when there is no manifest. */
export function productAtStart(folder: string): ProductFiles {
  const version = versionIn(readFileSync(join(folder, MANIFEST), 'utf8'))
  try {
    return { version, changelog: readFileSync(join(folder, CHANGELOG), 'utf8') }
  } catch {
    return { version, changelog: '' }
  }
}

/** Null while the files are being replaced, or are not to be read. */
export async function productOnDisk(folder: string): Promise<ProductFiles | null> {
  try {
    const [manifest, changelog] = await Promise.all(
      [MANIFEST, CHANGELOG].map((name) => readFile(join(folder, name), 'utf8')),
    )
    return { version: versionIn(manifest ?? ''), changelog: changelog ?? '' }
  } catch {
    return null
  }
}

function versionIn(manifest: string): string {
  return String((JSON.parse(manifest) as { version?: unknown }).version)
}
