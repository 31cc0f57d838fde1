import type { LineageLink, LineageNode } from '../api/provenance.ts';

export interface PlacedNode {
  readonly node: LineageNode;
  readonly x: number;
  readonly y: number;
}

export interface PlacedLink {
  readonly key: string;
  readonly path: string;
  /** When what it leads to happened, milliseconds since 1970. */
  readonly millis: number;
}

export interface LineageDrawing {
  readonly nodes: readonly PlacedNode[];
  readonly links: readonly PlacedLink[];
  readonly width: number;
  readonly height: number;
  /** First and last moment, milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

const LANE = 168;
const ROW = 64;
const MARGIN = 56;

/** Draws a lineage from top to bottom in the order of time, with a lane for each FlowFile. */
export function layoutLineage(nodes: readonly LineageNode[], links: readonly LineageLink[]): LineageDrawing {
  const ordered = inOrder(nodes, links);
  const lanes = new Map<string, number>();
  for (const { flowFileUuid } of ordered) if (!lanes.has(flowFileUuid)) lanes.set(flowFileUuid, lanes.size);
  const placed = ordered.map((node, row): PlacedNode => ({ node, x: MARGIN + lanes.get(node.flowFileUuid)! * LANE, y: MARGIN / 2 + row * ROW }));
  const byId = new Map(placed.map((each) => [each.node.id, each]));
  const drawn = links.flatMap(({ sourceId, targetId }): PlacedLink[] => {
    const [source, target] = [byId.get(sourceId), byId.get(targetId)];
    return source && target ? [{ key: `${sourceId}-${targetId}`, path: curve(source, target), millis: target.node.millis }] : [];
  });
  const times = nodes.map(({ millis }) => millis);
  return {
    nodes: placed,
    links: drawn,
    width: MARGIN * 2 + Math.max(1, lanes.size) * LANE,
    height: MARGIN + Math.max(0, ordered.length - 1) * ROW,
    from: times.length > 0 ? Math.min(...times) : 0,
    to: times.length > 0 ? Math.max(...times) : 0,
  };
}

/** By time, and of the same time what leads to another comes before it. */
function inOrder(nodes: readonly LineageNode[], links: readonly LineageLink[]): LineageNode[] {
  const before = new Map<string, string[]>();
  for (const { sourceId, targetId } of links) before.set(targetId, [...(before.get(targetId) ?? []), sourceId]);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const done = new Set<string>();
  const result: LineageNode[] = [];
  const visit = (node: LineageNode): void => {
    if (done.has(node.id)) return;
    done.add(node.id);
    for (const id of before.get(node.id) ?? []) {
      const earlier = byId.get(id);
      if (earlier && earlier.millis <= node.millis) visit(earlier);
    }
    result.push(node);
  };
  for (const node of [...nodes].sort((a, b) => a.millis - b.millis)) visit(node);
  return result;
}

function curve(source: PlacedNode, target: PlacedNode): string {
  if (source.x === target.x) return `M${source.x},${source.y}L${target.x},${target.y}`;
  const middle = (source.y + target.y) / 2;
  return `M${source.x},${source.y}C${source.x},${middle} ${target.x},${middle} ${target.x},${target.y}`;
}
