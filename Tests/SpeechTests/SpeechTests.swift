// SpeechTests
