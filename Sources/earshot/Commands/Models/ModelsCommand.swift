import ArgumentParser

/// `earshot models`: the commands for speech models.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List, download, check, convert and bundle speech models.",
        discussion: """
            Models are stored in MODELS_DIR as ggml-NAME.bin. They are downloaded from MODEL_HUB_URL, through the proxy that HTTPS_PROXY names.

            Examples:
              earshot models list --all                  list every model
              earshot models download base               download, or resume a download
              earshot models info base                   describe a model
              earshot models preload --models tiny base  download missing models
              earshot models convert ~/.cache/whisper/base.pt
              earshot models quantize large-v3 --to q5_0
              earshot models bundle tiny base --output models.tar
            """,
        subcommands: [
            ListModelsCommand.self, DownloadModelsCommand.self, VerifyModelsCommand.self, RemoveModelsCommand.self, ModelInfoCommand.self,
            PreloadModelsCommand.self, ConvertModelCommand.self, QuantizeModelCommand.self, BundleModelsCommand.self,
        ],
        defaultSubcommand: ListModelsCommand.self
    )
}
