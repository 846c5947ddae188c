/**
 * The nodes of all trees of topic filters, 96 bytes each, from one pool that never grows.
 *
 * A node stands for a level of a filter. It knows its `+` child; its other children are found in a table that all
 * nodes share, by parent and label. A label holds 72 bytes of a level. A longer level is a row of nodes, one a
 * piece: the length of a piece that is not the last is `CONTINUED`, so it is never taken for a whole level.
 *
 * Nodes live as long as something hangs on them: `prune` frees those that have become empty, their tree's root
 * included.
 */

import { hash, isSame } from "./bytes";
import {
  FILTER_BUCKET_BITS,
  FILTER_BUCKETS,
  FILTER_NODE_CAPACITY,
  FILTER_NODE_SIZE,
  FILTER_NODES,
  WORD_FILTER_NODES,
} from "./layout";
import { readWord, writeWord } from "./status";

/** How many bytes of a level one node holds. */
export const LABEL_SIZE: i32 = 72;
/** The length of a piece whose level goes on. */
export const CONTINUED: i32 = LABEL_SIZE + 1;
/** A bucket takes no more than this: whoever finds filters that collide gets a slow list, and nothing worse. */
const LONGEST_CHAIN: i32 = 32;

// A node: its key (hash of the label u32, parent u16, length u8), then:
const NEXT: usize = 8; // u16: the next in its bucket, or in the list of free nodes
const PLUS_CHILD: usize = 10; // u16
const CHILDREN: usize = 12; // u16: how many others
const FILTER: usize = 16; // i32: the filter that ends here, plus 1
const LABEL: usize = 20;
const HASH_FILTER: usize = 92; // i32: the filter that ends with # below here, plus 1

let firstFree: i32 = 0;
let firstUnused: i32 = 1; // 0 stands for no node

// @ts-ignore: decorator
@inline
function addressOf(node: i32): i32 {
  return FILTER_NODES + node * FILTER_NODE_SIZE;
}

// @ts-ignore: decorator
@inline
export function plusChild(node: i32): i32 {
  return load<u16>(addressOf(node), PLUS_CHILD);
}

// @ts-ignore: decorator
@inline
export function filterAt(node: i32): i32 {
  return load<i32>(addressOf(node), FILTER);
}

// @ts-ignore: decorator
@inline
export function hashFilterAt(node: i32): i32 {
  return load<i32>(addressOf(node), HASH_FILTER);
}

export function setFilter(node: i32, filter: i32): void {
  store<i32>(addressOf(node), filter, FILTER);
}

export function setHashFilter(node: i32, filter: i32): void {
  store<i32>(addressOf(node), filter, HASH_FILTER);
}

/** The first 16 bytes of a piece, filled up with zeros. */
// @ts-ignore: decorator
@inline
export function loadPiece(at: i32, length: i32): v128 {
  const indexes = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return v128.and(v128.load(at), i8x16.lt_s(indexes, i8x16.splat(<i8> length)));
}

/** The hash of a piece. */
// @ts-ignore: decorator
@inline
export function hashPiece(at: i32, length: i32): u32 {
  return length == 0 ? 0 : hash(at, min(length, LABEL_SIZE));
}

// @ts-ignore: decorator
@inline
function keyOf(parent: i32, length: i32, h: u32): u64 {
  return <u64> h | (<u64> parent << 32) | (<u64> length << 48);
}

// @ts-ignore: decorator
@inline
function bucketOf(parent: i32, h: u32): i32 {
  return FILTER_BUCKETS + <i32> ((h + <u32> parent * 0x9e3779b1) >> (32 - FILTER_BUCKET_BITS)) * 2;
}

/** The child of `parent` for the piece at `at` that begins with `start` and has the hash `h`, or 0. */
// @ts-ignore: decorator
@inline
export function findPiece(parent: i32, start: v128, at: i32, length: i32, h: u32): i32 {
  const key = keyOf(parent, length, h);
  let node: i32 = load<u16>(bucketOf(parent, h));
  while (node != 0 && !isPiece(node, key, start, at, length)) {
    node = load<u16>(addressOf(node), NEXT);
  }
  return node;
}

/** Whether the node, which may be 0, is the one for a piece. */
// @ts-ignore: decorator
@inline
function isPiece(node: i32, key: u64, start: v128, at: i32, length: i32): bool {
  const address = addressOf(node);
  if (load<u64>(address) != key) return false;
  if (v128.any_true(v128.xor(v128.load(address, LABEL), start))) return false;
  return length <= 16 || isSame(at + 16, address + <i32> LABEL + 16, min(length, LABEL_SIZE) - 16);
}

/** The child of `parent` for all pieces of a level, or 0. */
export function findPieces(parent: i32, at: i32, length: i32): i32 {
  let node = parent;
  while (node != 0 && length > LABEL_SIZE) {
    node = findPieceAt(node, at, CONTINUED);
    at += LABEL_SIZE;
    length -= LABEL_SIZE;
  }
  return node == 0 ? 0 : findPieceAt(node, at, length);
}

function findPieceAt(parent: i32, at: i32, length: i32): i32 {
  const start = loadPiece(at, length);
  return findPiece(parent, start, at, length, hashPiece(at, length));
}

/** A node with nothing on it, or 0 when there is none left. */
export function addNode(key: u64): i32 {
  let node = firstFree;
  if (node != 0) firstFree = load<u16>(addressOf(node), NEXT);
  else if (firstUnused == FILTER_NODE_CAPACITY) return 0;
  else node = firstUnused++;
  writeWord(WORD_FILTER_NODES, readWord(WORD_FILTER_NODES) + 1);
  memory.fill(addressOf(node), 0, FILTER_NODE_SIZE);
  store<u64>(addressOf(node), key);
  return node;
}

/** The `+` child of `parent`, made if need be, or 0 when there is no room. */
export function ensurePlusChild(parent: i32): i32 {
  let node = plusChild(parent);
  if (node == 0) {
    node = addNode(keyOf(parent, 0, 0));
    store<u16>(addressOf(parent), node, PLUS_CHILD);
  }
  return node;
}

/**
 * The child of `parent` for the piece of a level at `at`, made if need be, or 0 when there is no room. The length of a
 * piece is that of its level, or `CONTINUED`.
 */
export function ensurePiece(parent: i32, at: i32, length: i32): i32 {
  const found = findPieceAt(parent, at, length);
  if (found != 0) return found;
  const h = hashPiece(at, length);
  const bucket = bucketOf(parent, h);
  if (chainLength(bucket) == LONGEST_CHAIN) return 0;
  const node = addNode(keyOf(parent, length, h));
  if (node == 0) return 0;
  const address = addressOf(node);
  memory.copy(address + <i32> LABEL, at, min(length, LABEL_SIZE));
  store<u16>(address, load<u16>(bucket), NEXT);
  store<u16>(bucket, node);
  countChildren(parent, 1);
  return node;
}

function chainLength(bucket: i32): i32 {
  let length = 0;
  for (let node: i32 = load<u16>(bucket); node != 0; node = load<u16>(addressOf(node), NEXT)) length++;
  return length;
}

// @ts-ignore: decorator
@inline
function countChildren(parent: i32, change: i32): void {
  const address = addressOf(parent);
  store<u16>(address, load<u16>(address, CHILDREN) + change, CHILDREN);
}

/** Frees the node and those above it, as far as nothing hangs on them. */
export function prune(node: i32): void {
  while (node != 0 && isEmpty(node)) {
    const parent: i32 = load<u16>(addressOf(node), 4);
    if (parent != 0) detach(node, parent);
    store<u16>(addressOf(node), firstFree, NEXT);
    firstFree = node;
    writeWord(WORD_FILTER_NODES, readWord(WORD_FILTER_NODES) - 1);
    node = parent;
  }
}

function isEmpty(node: i32): bool {
  const address = addressOf(node);
  return load<u16>(address, PLUS_CHILD) == 0 && load<u16>(address, CHILDREN) == 0 &&
    load<i32>(address, FILTER) == 0 && load<i32>(address, HASH_FILTER) == 0;
}

function detach(node: i32, parent: i32): void {
  if (plusChild(parent) == node) {
    store<u16>(addressOf(parent), 0, PLUS_CHILD);
    return;
  }
  // Where the index of this node stands: in the bucket, or in the node before it.
  let at = bucketOf(parent, load<u32>(addressOf(node)));
  while (load<u16>(at) != node) at = addressOf(load<u16>(at)) + <i32> NEXT;
  store<u16>(at, load<u16>(addressOf(node), NEXT));
  countChildren(parent, -1);
}
