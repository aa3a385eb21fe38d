// What the server tells about the network, asked once and kept while the page is open.

import type { Graph, Relation, Thing } from "./graph";
import { type Expansion, type View, baseOf, nameOf } from "./state";

const root = document.body.dataset["root"] ?? "";
const kept = new Map<string, Promise<unknown>>();

/** A request that gave nothing, as a sentence for a person. */
export class NotTold extends Error {}

/** Address of a page or route on this server. */
export function here(path: string): string {
  return root + path;
}

/** The graph of a view, without what the canvas adds to it. */
export function graphOf(view: View): Promise<Graph> {
  if (view.path.length === 2) {
    const asked = new URLSearchParams({ from: view.path[0]!, to: view.path[1]! });
    for (const [name, value] of view.facts) asked.append(name, value);
    return told<Graph>(`/explore/path?${asked}`);
  }
  return told<Graph>(`/explore/graph?${baseOf(view)}`);
}

/** What one relation leads to. */
export function neighboursOf(one: Expansion, limit: number): Promise<Graph> {
  const asked = new URLSearchParams({
    id: one.id, relation: one.relation, direction: one.direction, limit: String(limit),
  });
  return told<Graph>(`/explore/neighbours?${asked}`, nameOf(one) + limit);
}

/** A thing and the number of its neighbours by relation. */
export function relationsOf(id: string): Promise<{ node: Thing; relations: Relation[] }> {
  return told(`/explore/relations?${new URLSearchParams({ id })}`);
}

/** Things whose names fit a text; not kept, for each text is asked for once. */
export async function found(text: string, signal: AbortSignal): Promise<Thing[]> {
  const asked = new URLSearchParams({ text, limit: "12" });
  const answer = await json<{ results: Thing[] }>(`/explore/search?${asked}`, signal);
  return answer.results;
}

function told<Answer>(path: string, name = path): Promise<Answer> {
  const before = kept.get(name);
  if (before) return before as Promise<Answer>;
  const answer = json<Answer>(path);
  kept.set(name, answer);
  answer.catch(() => kept.delete(name)); // so that it can be tried again
  return answer;
}

async function json<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const settings: RequestInit = { headers: { Accept: "application/json" } };
  if (signal) settings.signal = signal;
  let response: Response;
  try {
    response = await fetch(here(path), settings);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new NotTold("The server did not answer. It may be busy, or the network is down.");
  }
  if (!response.ok) throw new NotTold(await sentence(response));
  return (await response.json()) as Answer;
}

async function sentence(response: Response): Promise<string> {
  const text = (await response.text()).trim();
  const plain = (response.headers.get("Content-Type") ?? "").startsWith("text/plain");
  return plain && text ? text : `The server answered with ${response.status} and no reason.`;
}
