import java.nio.file.Files;
import java.nio.file.Path;

public class Hello {
    public static void main(String[] args) throws Exception {
        Files.writeString(Path.of("/data/out.txt"), System.getProperty("user.name"));
        System.out.println(Files.readString(Path.of("/data/out.txt")) + " " + Files.readString(Path.of("config/app.properties")));
        System.out.println(Files.getOwner(Path.of("/data")) + " " + System.getenv("MODE"));
    }
}
