import "./elements/delete-button.js"
import "./elements/live-transcript.js"
import "./elements/recording-list.js"
import "./elements/upload-queue.js"
import "./elements/waveform-player.js"
import { localizeTimes } from "./lib/time.js"

localizeTimes(document)
