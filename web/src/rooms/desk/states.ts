export { OPEN_STATES, stateName } from "@/ui/states";
