import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * Reads addresses from standard input, one a line after how many bytes to read first. Says `READ`
 * when it has read them and waits for a line; then reads on and says `COMPLETE` or `BROKEN`.
 */
public class Reader {
    public static void main(String[] arguments) throws Exception {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        BufferedReader told = new BufferedReader(new InputStreamReader(System.in));
        for (String line = told.readLine(); line != null; line = told.readLine()) {
            String[] parts = line.split(" ");
            HttpRequest request = HttpRequest.newBuilder(URI.create(parts[1])).build();
            HttpResponse<InputStream> answer =
                client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                body.readNBytes(Integer.parseInt(parts[0]));
                System.out.println("READ " + answer.statusCode());
                told.readLine();
                body.transferTo(java.io.OutputStream.nullOutputStream());
                System.out.println("COMPLETE");
            } catch (IOException error) {
                System.out.println("BROKEN " + error.getMessage());
            }
        }
    }
}
