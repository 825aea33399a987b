import "./elements/delete-button.js"
import "./elements/live-transcript.js"
import "./elements/recording-player.js"
import "./elements/transcription-list.js"
import "./elements/upload-queue.js"
import { localizeTimes } from "./lib/time.js"

localizeTimes(document)
