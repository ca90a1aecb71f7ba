/** How parts of a page learn the name of the installation. */

export const BRAND = Symbol('brand')
/** Empty until the server has said it. */
export type BrandName = () => string
