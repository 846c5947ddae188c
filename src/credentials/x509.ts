/**
 * `@peculiar/x509`, made safe to import: it throws unless `reflect-metadata` was evaluated before it.
 *
 * Nothing else may import the package, and this module itself is loaded by `import()` on first use, so that
 * reading a certificate or opening a store never evaluates it.
 *
 * @module
 */

import "reflect-metadata";

export * from "@peculiar/x509";
