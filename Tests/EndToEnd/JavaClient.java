import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Sends requests with Java's own client, which asks for HTTP/2 by default, and prints the statuses. */
class JavaClient {
    public static void main(String[] arguments) throws Exception {
        var client = HttpClient.newHttpClient();
        for (var method : new String[] {"GET", "GET", "GET", "POST", "POST", "OPTIONS", "GET"}) {
            var body = method.equals("POST") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody();
            var request = HttpRequest.newBuilder(URI.create(arguments[0])).timeout(Duration.ofSeconds(5))
                    .header("Authorization", arguments[1]).header("Content-Type", "application/json")
                    .method(method, body).build();
            System.out.println(client.send(request, BodyHandlers.ofString()).statusCode());
        }
    }
}
