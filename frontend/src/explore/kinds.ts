// A class of the ontology -> the shape, size and colour it has in the picture. No two kinds share a
// shape, so that colour is never the only difference.

export interface Kind { name: string; points: number[] | null; size: number } // null is a circle

const star = (tips: number, inner: number): number[] =>
  Array.from({ length: tips * 2 }, (_, at) => {
    const angle = (Math.PI * at) / tips - Math.PI / 2;
    const radius = at % 2 ? inner : 1;
    return [rounded(Math.cos(angle) * radius), rounded(Math.sin(angle) * radius)];
  }).flat();
const regular = (corners: number, turn = -90): number[] =>
  Array.from({ length: corners }, (_, at) => {
    const angle = (2 * Math.PI * at) / corners + (turn * Math.PI) / 180;
    return [rounded(Math.cos(angle)), rounded(Math.sin(angle))];
  }).flat();
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

export const KINDS: Kind[] = [
  { name: "study", points: null, size: 34 },
  { name: "profile", points: star(4, 0.45), size: 44 },
  { name: "population", points: [-0.85, -0.85, 0.85, -0.85, 0.85, 0.85, -0.85, 0.85], size: 26 },
  { name: "group", points: [-0.5, -0.75, 1, -0.75, 0.5, 0.75, -1, 0.75], size: 28 },
  { name: "arm", points: regular(3), size: 26 },
  { name: "estimate", points: [0, -1, 1, 0, 0, 1, -1, 0], size: 26 },
  { name: "report", points: [-1, -0.5, 1, -0.5, 1, 0.5, -1, 0.5], size: 20 },
  { name: "source", points: [-0.55, -0.8, 0.55, -0.8, 1, 0.8, -1, 0.8], size: 32 },
  { name: "outcome", points: regular(6, 0), size: 28 },
  { name: "intervention", points: regular(5), size: 28 },
  { name: "criterion", points: regular(3, 90), size: 24 },
  { name: "guidance", points: star(5, 0.48), size: 34 },
  { name: "model", points: [-1, -0.75, 0.4, -0.75, 1, 0, 0.4, 0.75, -1, 0.75], size: 30 },
  { name: "said", points: [-0.35, -1, 0.35, -1, 0.35, -0.35, 1, -0.35, 1, 0.35, 0.35, 0.35, 0.35, 1, -0.35, 1, -0.35, 0.35, -1, 0.35, -1, -0.35, -0.35, -0.35], size: 22 },
  { name: "doubt", points: star(8, 0.6), size: 26 },
  { name: "term", points: regular(8, 22.5), size: 20 },
];
const BY_NAME = new Map(KINDS.map((kind) => [kind.name, kind]));
const OF_TYPE: Record<string, string> = {
  Study: "study", profile: "profile", Population: "population", TargetGroup: "group", ModelGroup: "group",
  Arm: "arm", Estimate: "estimate", Report: "report", Source: "source", Outcome: "outcome",
  Intervention: "intervention", Criterion: "criterion", GuidanceStatement: "guidance",
  DecisionModel: "model", StudyFact: "said", Statement: "said", Figure: "said", AuditFinding: "doubt",
};

/** How things of a class are drawn; classes without a shape of their own share an octagon. */
export function kindOf(type: string): Kind {
  return BY_NAME.get(OF_TYPE[type] ?? "term")!;
}

/** The shape as a path of SVG around a middle; `radius` is half its width. */
export function outline(kind: Kind, x: number, y: number, radius: number): string {
  const at = (value: number): string => String(Math.round(value * 100) / 100);
  if (kind.points === null) {
    const r = at(radius);
    return `M${at(x - radius)} ${at(y)}a${r} ${r} 0 1 0 ${at(radius * 2)} 0a${r} ${r} 0 1 0 ${at(-radius * 2)} 0Z`;
  }
  const corners: string[] = [];
  for (let one = 0; one < kind.points.length; one += 2) {
    corners.push(`${at(x + kind.points[one]! * radius)} ${at(y + kind.points[one + 1]! * radius)}`);
  }
  return `M${corners.join("L")}Z`;
}
