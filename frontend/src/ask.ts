// The pages below /ask: clean addresses, counts while the form is filled in, a list that is filtered.
import { tidyForms } from "./ask/form";
import { countLive } from "./ask/counts";
import { filterLists } from "./ask/filter";

tidyForms();
countLive();
filterLists();
