/**
 * Topic filters (section 4.7) as trees of levels, a tree for each owner, and the walk that finds those that match a
 * topic.
 *
 * The walk takes all nodes of a level that are still possible one step further, level by level. It comes to each
 * node once at most, whatever wildcards there are: its work is bounded by the topic's length and the tree's size.
 */

import {
  addNode,
  CONTINUED,
  ensurePiece,
  ensurePlusChild,
  filterAt,
  findPiece,
  findPieces,
  hashFilterAt,
  hashPiece,
  LABEL_SIZE,
  loadPiece,
  plusChild,
  prune,
  setFilter,
  setHashFilter,
} from "./filter_nodes";
import { FILTER_MATCHES, FILTER_QUEUE, LONG_TOPIC } from "./layout";
import { findWildcard } from "./text";
import { AS_KNOWN_TOPIC_NAME, AS_TOPIC_FILTER, writeText } from "./write_text";

const PLUS: u32 = 0x2b;
const SLASH: u32 = 0x2f;
const HASH: u32 = 0x23;
const DOLLAR: u32 = 0x24;

/** Marks the place of a filter that ends with `#`. */
const AT_HASH: i32 = 1;

/** The root of a new tree, or 0 when there is no room. */
export function addRoot(): i32 {
  return addNode(0);
}

/**
 * Puts the filter in `TEXT` into a tree that does not have it, under a number of the owner's. Returns its place, 0
 * when there is no room, -1 when it is no filter. A tree that is empty then has lost its root.
 */
export function addFilter(root: i32, units: i32, filter: i32): i32 {
  const length = writeText(LONG_TOPIC, units, AS_TOPIC_FILTER);
  if (length < 0) {
    prune(root);
    return -1;
  }
  if (root == 0) return 0;
  const end = LONG_TOPIC + length;
  const isExact = findWildcard(LONG_TOPIC, end) == end;
  let node = root;
  let at = LONG_TOPIC;
  while (at <= end) {
    const limit = min(end, at + CONTINUED);
    const piece = (isExact ? limit : findSlash(at, limit)) - at;
    // A wildcard is all of its level, so no other piece begins with one.
    const first: u32 = piece > 0 ? load<u8>(at) : 0;
    if (first == HASH) {
      setHashFilter(node, filter + 1);
      return node * 2 + AT_HASH;
    }
    const child = first == PLUS ? ensurePlusChild(node) : ensurePiece(node, at, piece);
    if (child == 0) {
      prune(node);
      return 0;
    }
    node = child;
    at += piece == CONTINUED ? LABEL_SIZE : piece + 1;
  }
  setFilter(node, filter + 1);
  return node * 2;
}

/** Takes a filter out. A tree that is empty then has lost its root. */
export function removeFilter(place: i32): void {
  const node = place >> 1;
  if (place & AT_HASH) setHashFilter(node, 0);
  else setFilter(node, 0);
  prune(node);
}

/** The same as `matchFilters` for the topic in `TEXT`; -1 when it is none. */
export function matchText(root: i32, units: i32): i32 {
  const length = writeText(LONG_TOPIC, units, AS_KNOWN_TOPIC_NAME);
  return length < 0 ? -1 : matchFilters(root, LONG_TOPIC, length);
}

/** Lists the numbers of the filters that match the topic in `FILTER_MATCHES`; returns how many. */
export function matchFilters(root: i32, at: i32, length: i32): i32 {
  const end = at + length;
  // A leading wildcard does not match a topic that begins with $ [MQTT-4.7.2-1].
  let isOpen = load<u8>(at) != DOLLAR;
  let matches = isOpen ? note(FILTER_MATCHES, hashFilterAt(root)) : FILTER_MATCHES;
  if (findSlash(at, end) < end) matches = note(matches, filterAt(findPieces(root, at, length)));
  let from = FILTER_QUEUE;
  let to = enqueue(from, root);
  while (at <= end && from < to) {
    const level = findSlash(at, end) - at;
    const start = loadPiece(at, level);
    const h = hashPiece(at, level);
    let next = to;
    for (; from < to; from += 2) {
      const node: i32 = load<u16>(from);
      const plus = isOpen ? plusChild(node) : 0;
      // # below a level matches that level and all that follow.
      if (plus != 0) {
        next = enqueue(next, plus);
        matches = note(matches, hashFilterAt(plus));
      }
      const child = level <= LABEL_SIZE
        ? findPiece(node, start, at, level, h)
        : findPieces(node, at, level);
      if (child != 0) {
        next = enqueue(next, child);
        matches = note(matches, hashFilterAt(child));
      }
    }
    to = next;
    isOpen = true;
    at += level + 1;
  }
  for (; from < to; from += 2) matches = note(matches, filterAt(load<u16>(from)));
  return (matches - FILTER_MATCHES) >> 2;
}

// @ts-ignore: decorator
@inline
function enqueue(end: i32, node: i32): i32 {
  store<u16>(end, node);
  return end + 2;
}

// @ts-ignore: decorator
@inline
function note(end: i32, filter: i32): i32 {
  if (filter == 0) return end;
  store<i32>(end, filter - 1);
  return end + 4;
}

/** Address of the first `/`, or `end`. */
// @ts-ignore: decorator
@inline
function findSlash(at: i32, end: i32): i32 {
  for (; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8> SLASH)));
    if (found != 0) return min(at + ctz(found), end);
  }
  return end;
}
