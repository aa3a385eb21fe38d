// The page /explore comes alive: what the template lists is drawn, and its links act in place.

import { part } from "./explore/elements";
import { Explorer } from "./explore/explorer";
import { readWords } from "./explore/filters";
import { PathForm, useTools } from "./explore/toolbar";

document.documentElement.classList.add("scripted");
readWords(part("filters"));
part<HTMLDetailsElement>("filter-tool").open = matchMedia("(min-width: 72rem)").matches;
let form: PathForm | null = null;
const explorer = new Explorer((end, one) => form?.set(end, one));
form = new PathForm((from, to) => explorer.pathBetween(from, to));
useTools(explorer);
void explorer.start();
