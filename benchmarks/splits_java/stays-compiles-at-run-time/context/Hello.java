import javax.tools.ToolProvider;

public class Hello {
    public static void main(String[] args) {
        System.out.println(ToolProvider.getSystemJavaCompiler() != null);
    }
}
