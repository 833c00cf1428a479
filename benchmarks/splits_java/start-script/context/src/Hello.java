public class Hello {
    public static void main(String[] args) throws Exception {
        System.out.println("hello " + String.join(" ", args));
    }
}
