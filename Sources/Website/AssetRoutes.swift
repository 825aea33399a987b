import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOCore

/// Serves styles, scripts and images.
struct AssetRoutes {
    let folder: WebFolderSource

    /// `/assets/VERSION/path`: browsers keep it forever under the current version and revalidate it under any other.
    @Sendable
    func asset(_ request: Request, context: WebsiteContext) async throws -> Response {
        let web = try await folder.current()
        let parts = request.uri.path.split(separator: "/").dropFirst()
        guard let version = parts.first, let asset = web.assets[parts.dropFirst().joined(separator: "/")] else { throw Problem.notFound }
        let keep = version == web.version ? "public, max-age=31536000, immutable" : "no-cache"
        return answer(asset, keep: keep, to: request)
    }

    /// The icon, under the name that browsers request by default.
    @Sendable
    func favicon(_ request: Request, context: WebsiteContext) async throws -> Response {
        guard let asset = try await folder.current().assets["images/icon.svg"] else { throw Problem.notFound }
        return answer(asset, keep: "public, max-age=86400", to: request)
    }

    private func answer(_ asset: PageFile, keep: String, to request: Request) -> Response {
        var headers: HTTPFields = [.contentType: asset.mediaType, .cacheControl: keep, .eTag: asset.entityTag]
        if let known = request.headers[.ifNoneMatch], known == "*" || known.contains(asset.entityTag) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentLength] = "\(asset.bytes.readableBytes)"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: asset.bytes))
    }
}
