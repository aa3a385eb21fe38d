// Maps work without this; it adds words on cells under the pointer, arrow keys, quick filters, and
// a sign that a map is under way.
import { showBusy } from "./maps/busy";
import { addFilters } from "./maps/filter";
import { moveByArrows } from "./maps/keys";
import { beginAtEnd } from "./maps/scroll";
import { addTips } from "./maps/tip";

beginAtEnd();
moveByArrows();
addTips();
addFilters();
showBusy();
